import type { Session } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';

/**
 * Whether somebody who has just made an account goes on into the wizard: who may edit a site that has no
 * device yet. What the server does not answer keeps nobody from the console.
 */
export async function startsSetup(ask: Ask, { sites }: Pick<Session, 'sites'>): Promise<boolean> {
  const own = sites.find(({ permissions }) => permissions.includes('site.edit'));
  if (!own) return false;
  try {
    const { devices } = await call(ask, 'GET /site', { query: { site: own.site } });
    return devices.length === 0;
  } catch {
    return false;
  }
}

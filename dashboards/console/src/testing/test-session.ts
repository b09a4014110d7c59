import type { Permission, Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';

type SiteId = Session['sites'][number]['site'];

/** Somebody who is logged in, with these permissions on one site. */
export const testSession = (permissions: readonly Permission[], change: Partial<Session> = {}): Session => ({
  account: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80',
  user: 'ana',
  displayName: 'Ana Lopez',
  language: null,
  factorNeeded: false,
  role: 'admin',
  permissions: [...permissions],
  expires: '2026-11-27T20:00:00.000Z',
  sites: [{ site: 'yard' as SiteId, role: 'admin', permissions: [...permissions], zones: null }],
  ...change,
});

/** What the console knows of a site: names and zones are all that pages of people need. */
export const testSites: ReadonlyMap<string, Site> = new Map([
  [
    'yard',
    {
      id: 'yard',
      name: { en: 'The yard', 'zh-CN': '堆场' },
      zones: [
        { id: 'gate', name: { en: 'Gate', 'zh-CN': '大门' } },
        { id: 'hall', name: { en: 'Hall', 'zh-CN': '大厅' } },
      ],
      devices: [],
    } as unknown as Site,
  ],
]);

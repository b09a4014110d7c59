import type { AuditDetails } from '@watchpost/contracts/api';
import type { Rekeyed } from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Queryable } from '../store/schema.ts';
import { append } from './audit-log.ts';
import type { Enroller } from './enroller.ts';

/** What {@link rekeyGallery} needs. */
export interface RekeyParts {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** Undefined where this installation has no part that keeps templates. */
  readonly enroller: Enroller | undefined;
}

/**
 * Replaces the gallery keys of a site. It stands in the audit log before it begins, because whoever is
 * interrupted may have new keys, and once more with what came of it.
 * @throws WatchpostError `list.enrolment_away`, `enrolment.*`
 */
export async function rekeyGallery(
  site: SiteId,
  reason: string | null,
  { db, nowMs, enroller }: RekeyParts,
): Promise<Rekeyed> {
  if (!enroller) throw new WatchpostError('list.enrolment_away');
  const note = (outcome: 'done' | 'refused', details: AuditDetails) =>
    append(db, {
      ...{ at: new Date(nowMs()).toISOString(), actor: 'server console' as const, site, reason, outcome },
      ...{ action: 'gallery_rekeyed' as const, subject: { kind: 'gallery', id: site }, details },
    });
  await note('done', { step: 'begun' });
  try {
    const { entries, lost } = await enroller.rekey(site);
    await note('done', { step: 'finished', entries, lost: lost.length });
    return { entries, lost: [...lost] };
  } catch (error) {
    await note('refused', { code: error instanceof WatchpostError ? error.code : 'api.internal' });
    throw error;
  }
}

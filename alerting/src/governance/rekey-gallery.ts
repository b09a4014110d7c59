import type { Rekeyed } from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Queryable } from '../store/schema.ts';
import { auditedChange } from './audited-change.ts';
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
  const { entries, lost } = await auditedChange(
    { db, nowMs },
    {
      entries: [
        {
          ...{ actor: 'server console', site, action: 'gallery_rekeyed', reason, details: {} },
          subject: { kind: 'gallery', id: site },
        },
      ],
      work: () => enroller.rekey(site),
      learnt: ({ entries, lost }) => ({ entries, lost: lost.length }),
    },
  );
  return { entries, lost: [...lost] };
}

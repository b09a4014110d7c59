import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import type { DueWorker } from '../jobs/due-worker.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { Queryable } from '../store/schema.ts';
import { Arming } from './arming.ts';
import { ArmingWatch } from './arming-watch.ts';

/** What {@link openArming} needs. */
export interface OpenArmingOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly dueWorker: Pick<DueWorker, 'expect'>;
  readonly sites: ReadonlyMap<
    string,
    {
      readonly directory: SiteDirectory;
      takeServerFaults(part: string, codes: readonly ErrorCode[]): void;
    }
  >;
}

/** Arming of all sites, and what tells people of areas that were not armed as they should have been. */
export function openArming({ sites, dueWorker, logger, ...parts }: OpenArmingOptions): {
  readonly arming: Arming;
  readonly watch: ArmingWatch;
} {
  const watch = new ArmingWatch({
    ...{ db: parts.db, logger },
    areas: new Map(
      [...sites].map(([id, { directory }]) => [id, (directory.site.arming ?? []).map((area) => area.id)]),
    ),
    faults: (site, codes) => sites.get(site)?.takeServerFaults('arming', codes),
  });
  const arming = new Arming({
    ...parts,
    sites: new Map([...sites].map(([id, { directory }]) => [id, directory])),
    changed: (atMs) => {
      dueWorker.expect(atMs);
      watch.look();
    },
  });
  return { arming, watch };
}

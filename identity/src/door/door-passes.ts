import type { PassUse, PassUseAnswer } from '@watchpost/contracts/wire';
import type { Caller } from './document-routes.ts';

/** What the door asks about passes: whether one may be used once more, anywhere on a site. */
export interface DoorPasses {
  /** @throws WatchpostError `identity.pass_count_away`, `api.invalid` */
  count(caller: Pick<Caller, 'site' | 'gateway'>, use: PassUse): Promise<PassUseAnswer>;
}

import type { Incident } from '@watchpost/contracts/alert';
import type { NotifySection } from '@watchpost/contracts/site';
import type { NoticeReceiver, NoticeRow } from '../../store/notice-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { onKinds } from '../outbox/notice-kind.ts';
import { acknowledgeLinkPolicy, defaultAcknowledgeLink } from '../policy.ts';
import { LinkKeys } from './link-keys.ts';
import { personWhoMayTake } from './link-person.ts';
import { writeLinkToken } from './link-token.ts';

/** Where a link leads: what follows `#` is sent to no server, so it is in nobody’s log. */
export const acknowledgePath = '/acknowledge';

/** What {@link LinkMaker} needs. */
export interface LinkMakerOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly policy?: NotifySection['acknowledgeLink'];
}

/** Makes the links by which people take what they are told of. */
export class LinkMaker {
  readonly #options: LinkMakerOptions;
  readonly #keys: LinkKeys;

  constructor(options: LinkMakerOptions) {
    this.#options = options;
    this.#keys = new LinkKeys(options.db, options.nowMs);
  }

  /**
   * The link of a notice, for a receiver that is a person’s own, verified, and may take the incident; for
   * something that is on and that nobody has. Undefined for all else.
   * @param console where people find the server; without it there are no links
   */
  async linkFor(
    { id, kind, seq, channel }: Pick<NoticeRow, 'id' | 'kind' | 'seq' | 'channel'>,
    { person }: Pick<NoticeReceiver, 'person'>,
    incident: Incident,
    console: string | undefined,
  ): Promise<string | undefined> {
    const { db, nowMs, policy = defaultAcknowledgeLink } = this.#options;
    if (console === undefined || person === null || incident.state !== 'open') return undefined;
    if (!onKinds.includes(kind) || !acknowledgeLinkPolicy.channels.includes(channel)) return undefined;
    if (!(await personWhoMayTake(db, person, incident))) return undefined;
    const { period, key } = await this.#keys.current();
    const content = { period, seq, notice: id, account: person, incident: incident.id };
    const token = writeLinkToken({ ...content, expiresMs: nowMs() + policy.goodFor }, key);
    return `${console}${acknowledgePath}#${token}`;
  }
}

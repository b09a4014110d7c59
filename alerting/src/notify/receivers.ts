import type {
  LoggedNotice,
  NoticePage,
  NoticeQuery,
  Receiver,
  ReceiverCode,
  ReceiverRequest,
  ReceiverTest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { type LoggedRow, noticeLog } from '../store/notice-log-store.ts';
import {
  countReceivers,
  deleteReceiver,
  type KnownReceiver,
  keepCode,
  listReceivers,
  noteReceiver,
  noteVerified,
  personsAccount,
  saveReceiver,
  takeCodeTry,
} from '../store/receiver-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Channels } from './channels.ts';
import { hashOfCode, isSameCode, newContactCode } from './contact-codes.ts';
import { composeTest, type NoticeSite } from './outbox/compose-notice.ts';
import { receiverPolicy } from './outbox/policy.ts';
import { contactPolicy } from './policy.ts';

/** What {@link Receivers} needs. */
export interface ReceiversOptions {
  readonly db: Queryable;
  readonly sites: ReadonlyMap<string, NoticeSite>;
  readonly channels: Pick<Channels, 'send'>;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Told that a receiver has changed: what it refused may come through now. */
  readonly changed: () => void;
}

/**
 * Who is told of the alerts of a site, a test of each, and the log of what was told. Every change is one
 * transaction with its entry in the audit log.
 */
export class Receivers {
  readonly #options: ReceiversOptions;

  constructor(options: ReceiversOptions) {
    this.#options = options;
  }

  async list(site: SiteId): Promise<Receiver[]> {
    return (await listReceivers(this.#options.db, site)).map(toReceiver);
  }

  /**
   * Makes or changes one; the same again changes nothing.
   * @throws WatchpostError `notify.too_many_receivers`, `api.invalid`
   */
  async save(person: Person, site: SiteId, request: ReceiverRequest): Promise<Receiver> {
    const { db, nowMs, changed } = this.#options;
    const { id, fallback: isFallback, account: accountId, ...rest } = request;
    const receiver = await db.transaction().execute(async (tx) => {
      const [before] = await listReceivers(tx, site, id);
      if (before && isSame(before, request)) return before;
      const known = await countReceivers(tx, site);
      if (!before && known >= receiverPolicy.atMost)
        throw new WatchpostError('notify.too_many_receivers', { details: { atMost: receiverPolicy.atMost } });
      const account = accountId === null ? null : await personsAccount(tx, site, accountId);
      if (account === undefined)
        throw new WatchpostError('api.invalid', {
          path: '/account',
          details: { expected: 'the account of a person of this site' },
        });
      await saveReceiver(tx, site, id, { ...rest, isFallback, account }, nowMs());
      const [after] = await listReceivers(tx, site, id);
      if (!after) throw new WatchpostError('api.not_found');
      const details = {
        name: request.name,
        channel: request.address.kind,
        severities: [...request.severities],
      };
      await this.#note(tx, person, site, 'receiver_saved', id, details);
      return after;
    });
    changed();
    return toReceiver(receiver);
  }

  /**
   * Erases one with the log of what it was told.
   * @throws WatchpostError `api.not_found`
   */
  async remove(person: Person, site: SiteId, id: string): Promise<void> {
    const { db, changed } = this.#options;
    await db.transaction().execute(async (tx) => {
      const name = await deleteReceiver(tx, site, id);
      if (name === undefined) throw new WatchpostError('api.not_found');
      await this.#note(tx, person, site, 'receiver_removed', id, { name });
    });
    changed();
  }

  /**
   * Tells it that this is a test, at once and once.
   * @throws WatchpostError `api.not_found`
   */
  async test(person: Person, site: SiteId, id: string): Promise<ReceiverTest> {
    const { db, sites, channels, nowMs, newId, changed } = this.#options;
    const [receiver] = await listReceivers(db, site, id);
    const at = sites.get(site);
    if (!receiver || !at) throw new WatchpostError('api.not_found');
    const { language, address } = receiver;
    const notice = composeTest(at, { id: newId(), language, nowMs: nowMs() }, id);
    // It is told whatever becomes of this process; so that it was to be told is written down first.
    await this.#note(db, person, site, 'receiver_tested', id, { step: 'begun' });
    const delivery = await channels.send(notice, address, AbortSignal.timeout(receiverPolicy.testWithinMs));
    const code = delivery.outcome === 'sent' ? null : delivery.code;
    await db.transaction().execute(async (tx) => {
      if (delivery.outcome === 'sent') {
        const well = { pausedUntilMs: null, pauseCode: null, fault: null };
        await noteReceiver(tx, { site, id }, well, nowMs());
        // Whose own it is, says so by a code.
        if (receiver.account === null) await noteVerified(tx, site, id, nowMs());
      }
      const came = { step: 'finished', outcome: delivery.outcome, code };
      await this.#note(tx, person, site, 'receiver_tested', id, came);
    });
    changed();
    return { outcome: delivery.outcome, code };
  }

  /**
   * Sends a code to it, which shows that it is who it is said to be.
   * @throws WatchpostError `api.not_found`
   */
  async sendCode(person: Person, site: SiteId, id: string): Promise<ReceiverTest> {
    const { db, sites, channels, nowMs, newId } = this.#options;
    const [receiver] = await listReceivers(db, site, id);
    const at = sites.get(site);
    if (!receiver || !at) throw new WatchpostError('api.not_found');
    const { language, address } = receiver;
    const text = newContactCode();
    const { codeGoodMs, codeTries } = contactPolicy;
    const kept = { hash: hashOfCode(id, text), untilMs: nowMs() + codeGoodMs, tries: codeTries };
    await db.transaction().execute(async (tx) => {
      await keepCode(tx, receiver, kept);
      await this.#note(tx, person, site, 'receiver_tested', id, { step: 'code' });
    });
    const notice = composeTest(at, { id: newId(), language, nowMs: nowMs() }, id, text);
    const delivery = await channels.send(notice, address, AbortSignal.timeout(receiverPolicy.testWithinMs));
    return { outcome: delivery.outcome, code: delivery.outcome === 'sent' ? null : delivery.code };
  }

  /**
   * Takes the code that was sent.
   * @throws WatchpostError `api.not_found`, `notify.code_wrong`
   */
  async verify(person: Person, site: SiteId, id: string, { code }: ReceiverCode): Promise<Receiver> {
    const { db, nowMs, changed } = this.#options;
    const [receiver] = await listReceivers(db, site, id);
    if (!receiver) throw new WatchpostError('api.not_found');
    // Written down before it is compared, so that two at once are two tries.
    const hash = await takeCodeTry(db, receiver, nowMs());
    if (hash === undefined || !isSameCode(hash, id, code))
      throw new WatchpostError('notify.code_wrong', { path: '/code' });
    await db.transaction().execute(async (tx) => {
      await noteVerified(tx, site, id, nowMs());
      await this.#note(tx, person, site, 'receiver_verified', id, { name: receiver.name });
    });
    changed();
    const [after] = await listReceivers(db, site, id);
    if (!after) throw new WatchpostError('api.not_found');
    return toReceiver(after);
  }

  /** What was told, the newest first. */
  async log(site: SiteId, { receiver, subject, cursor, limit }: NoticeQuery): Promise<NoticePage> {
    const after = cursor?.split('.');
    const rows = await noticeLog(this.#options.db, site, {
      ...{ receiver, subject, limit: limit + 1 },
      after: after && { madeAtMs: Number(after[0]), id: after[1] ?? '' },
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last ? `${last.made_at.getTime()}.${last.id}` : null;
    return { notices: page.map(toLogged), next };
  }

  async #note(
    tx: Queryable,
    person: Person,
    site: SiteId,
    action: 'receiver_saved' | 'receiver_removed' | 'receiver_tested' | 'receiver_verified',
    id: string,
    details: Parameters<typeof append>[1]['details'],
  ): Promise<void> {
    await append(tx, {
      ...{ at: new Date(this.#options.nowMs()).toISOString(), actor: actorOf(person), site, action, details },
      ...{ subject: { kind: 'receiver', id }, reason: null, outcome: 'done' },
    });
  }
}

const isSame = (
  before: KnownReceiver,
  { id: _, account, fallback, address, severities, quiet, ...rest }: ReceiverRequest,
) =>
  before.offAt === null &&
  before.accountId === account &&
  before.isFallback === fallback &&
  sorted(before.address) === sorted(address) &&
  sorted(before.quiet ?? {}) === sorted(quiet ?? {}) &&
  [...before.severities].sort().join() === [...new Set(severities)].sort().join() &&
  Object.entries(rest).every(([field, value]) => before[field as keyof typeof rest] === value);

/** As text, whatever the order of the fields. */
const sorted = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

function toReceiver(known: KnownReceiver): Receiver {
  const { isFallback, accountId, offAt: _, site, severities, ...rest } = known;
  const more = { account: accountId, severities: [...severities], fallback: isFallback };
  return { ...rest, ...more, site: site as SiteId };
}

function toLogged(row: LoggedRow): LoggedNotice {
  return {
    ...{ id: row.id, site: row.site as SiteId, subject: row.subject, receiver: row.receiver },
    ...{ channel: row.channel, kind: row.kind, severity: row.severity, state: row.state },
    ...{ at: row.at.toISOString(), attempts: row.attempts, bundle: row.bundle, code: row.code },
    sentAt: row.sent_at?.toISOString() ?? null,
    dueAt: row.state === 'waiting' ? row.due_at.toISOString() : null,
    cappedUntil: row.capped_until?.toISOString() ?? null,
    remoteId: row.remote_id,
  };
}

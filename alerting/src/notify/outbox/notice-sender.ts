import type { Logger } from 'pino';
import type { Loopback } from '../../canary/loopback.ts';
import { ClockSteps, type ServerClocks } from '../../ingest/clock-steps.ts';
import { findIncidentWithAlerts, type IncidentWithAlerts } from '../../store/incident-store.ts';
import { endPauses, type FailingReceiver, failingReceivers } from '../../store/notice-recovery.ts';
import {
  cappedUntil,
  holdBack,
  leaseNotices,
  moveNotices,
  type NoticeReceiver,
  type NoticeRow,
  nextNotice,
  passToFallback,
  releaseNotices,
  sendableNotices,
  settleNotice,
  type TakenNotice,
  toldBefore,
  waitingNotices,
  wasToldOn,
} from '../../store/notice-store.ts';
import { noteReceiver, receiverFaults } from '../../store/receiver-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { LinkMaker } from '../acknowledge-link/link-maker.ts';
import type { Delivery, DeliveryCode } from '../channel.ts';
import type { Channels } from '../channels.ts';
import { notifyPolicy } from '../policy.ts';
import { quietUntil } from '../quiet-hours.ts';
import { composeNotice, type NoticeSite } from './compose-notice.ts';
import { onKinds } from './notice-kind.ts';
import { isAboutIncident, otherNoticeOf } from './other-subjects.ts';
import { outboxPolicy } from './policy.ts';
import { sharedServer } from './shared-server.ts';

/** What became of one message, for the counters. */
export interface SentNotice {
  readonly site: string;
  readonly channel: string;
  readonly outcome: Delivery['outcome'] | 'lapsed';
  /** From what happened to its receipt, milliseconds; of those that were sent. */
  readonly afterMs?: number;
}

/** What {@link NoticeSender} needs. */
export interface NoticeSenderOptions {
  readonly db: Queryable;
  readonly sites: ReadonlyMap<string, NoticeSite>;
  readonly channels: Pick<Channels, 'send'>;
  /** Makes the links by which people take what they are told of; without it there are none. */
  readonly links?: Pick<LinkMaker, 'linkFor'>;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
  /** Nobody else sends from this database: what an earlier process was sending is free at once. */
  readonly isAlone: boolean;
  /** What goes by the way of notices and is told to the service itself. */
  readonly loopback?: Loopback;
  readonly told?: (sent: SentNotice) => void;
  /** Told which codes receivers of a site refuse notices with; all of them, each time. */
  readonly faults?: (site: string, codes: readonly DeliveryCode[]) => void;
  readonly policy?: Partial<typeof outboxPolicy>;
}

/** How much waits. */
export interface OutboxState {
  readonly waiting: number;
  /** How long the oldest waits, milliseconds. */
  readonly oldestMs: number;
  readonly faults: readonly DeliveryCode[];
}

type Settled = Delivery | { readonly outcome: 'lapsed' };

/**
 * Sends what waits in the table `notice`. Each receiver is told one thing after the other and none waits for
 * another. That a notice is being sent is written before it is, with an end: after a kill in the middle of it
 * the same notice is sent once more, under the same id. No transaction is open while something is sent.
 */
export class NoticeSender {
  readonly #options: NoticeSenderOptions;
  readonly #policy: typeof outboxPolicy;
  readonly #steps: ClockSteps;
  readonly #sites: readonly string[];
  readonly #sending = new Set<Promise<void>>();
  readonly #faults = new Map<string, readonly DeliveryCode[]>();
  /** Until when a receiver is not hurried again because of others, by the monotonic clock. */
  readonly #hurried = new Map<string, number>();
  #stopping = new AbortController();
  #isStarted = false;
  #isBegun = false;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;
  #setByMs = 0;
  #waiting = 0;
  #oldestMs = 0;
  #countedMs = Number.NEGATIVE_INFINITY;

  constructor(options: NoticeSenderOptions) {
    this.#options = options;
    this.#policy = { ...outboxPolicy, ...options.policy };
    this.#steps = new ClockSteps(options.clocks);
    this.#sites = [...options.sites.keys()];
  }

  get state(): OutboxState {
    const faults = [...new Set([...this.#faults.values()].flat())];
    return { waiting: this.#waiting, oldestMs: this.#oldestMs, faults };
  }

  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  /** Ends what is being sent; it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#sending);
  }

  /** Something was committed that is to be sent, or a receiver has changed. */
  wake(): void {
    if (!this.#isStarted) return;
    clearTimeout(this.#timer);
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  /**
   * Begins to send what is due; gives when more is, milliseconds since the Unix epoch. What is being sent
   * then is awaited with {@link NoticeSender.sent}.
   */
  async look(): Promise<number | undefined> {
    const { db, clocks, isAlone } = this.#options;
    if (this.#sites.length === 0) return undefined;
    await this.#followClock();
    const nowMs = clocks.wallMs();
    await releaseNotices(db, this.#sites, nowMs, isAlone && !this.#isBegun);
    if (!this.#isBegun) for (const site of this.#sites) await this.#compareFaults(site);
    this.#isBegun = true;
    const { notices, looped } = await this.#take(nowMs);
    for (const taken of notices) this.#begin(this.#send(taken));
    if (looped.length > 0) this.#begin(this.#loopBack(looped));
    await this.#count(nowMs);
    return nextNotice(db, this.#sites);
  }

  #begin(work: Promise<void>): void {
    const sending = work.finally(() => {
      this.#sending.delete(sending);
      this.wake();
    });
    this.#sending.add(sending);
  }

  /** Does not reject: what is not written down is taken again. */
  async #loopBack(ids: readonly string[]): Promise<void> {
    const { loopback, logger } = this.#options;
    await loopback?.send(ids).catch((err: unknown) => logger.warn({ err }, 'canaries could not be noted'));
  }

  /** Settles when nothing is being sent. */
  async sent(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  async #run(): Promise<void> {
    const { clocks, logger } = this.#options;
    const { pollMs } = this.#policy;
    let waitMs: number = pollMs;
    this.#isWanted = false;
    try {
      const nextMs = await this.look();
      if (nextMs !== undefined) waitMs = Math.min(pollMs, Math.max(50, nextMs - clocks.wallMs()));
    } catch (err) {
      logger.warn({ err }, 'notices could not be looked at, trying again');
    }
    if (this.#isStarted) this.#timer = setTimeout(() => this.wake(), waitMs);
  }

  async #followClock(): Promise<void> {
    this.#setByMs += this.#steps.look();
    const setByMs = this.#setByMs;
    if (setByMs === 0) return;
    await moveNotices(this.#options.db, this.#sites, setByMs);
    this.#setByMs -= setByMs;
  }

  async #count(nowMs: number): Promise<void> {
    const { db, clocks } = this.#options;
    if (clocks.monotonicMs() - this.#countedMs < this.#policy.countEveryMs) return;
    const { count, oldest } = await waitingNotices(db, this.#sites);
    this.#waiting = count;
    this.#oldestMs = oldest === null ? 0 : Math.max(0, nowMs - oldest.getTime());
    this.#countedMs = clocks.monotonicMs();
  }

  /** Takes of each receiver what it is told next, and writes down that it is being sent. */
  #take(nowMs: number): Promise<{ notices: readonly TakenNotice[]; looped: readonly string[] }> {
    const { leaseMs, lookedAt } = this.#policy;
    return this.#options.db.transaction().execute(async (tx) => {
      const taken: TakenNotice[] = [];
      for (const { receiver, notices } of await sendableNotices(tx, this.#sites, nowMs, lookedAt)) {
        const [head, ...bundled] = await this.#within(tx, receiver, notices, nowMs);
        if (!head) continue;
        const notice = await leaseNotices(tx, head, bundled, nowMs + leaseMs);
        taken.push({ notice, receiver, bundled });
      }
      return { notices: taken, looped: (await this.#options.loopback?.take(tx)) ?? [] };
    });
  }

  /** The next message of a receiver: one notice, or all that its limit has held back so far. */
  async #within(
    tx: Queryable,
    receiver: NoticeReceiver,
    notices: readonly NoticeRow[],
    nowMs: number,
  ): Promise<readonly NoticeRow[]> {
    const allowed = await this.#undisturbed(tx, receiver, notices, nowMs);
    const [first] = allowed;
    if (!first || first.urgent) return first ? [first] : [];
    const untilMs = await cappedUntil(tx, receiver, nowMs, this.#policy.capWindowMs);
    if (untilMs !== undefined && untilMs > nowMs) {
      await holdBack(tx, allowed, untilMs);
      return [];
    }
    const isHeld = ({ capped_until, kind, subject }: NoticeRow) =>
      capped_until !== null && onKinds.includes(kind) && isAboutIncident(subject);
    return isHeld(first) ? allowed.filter(isHeld) : [first];
  }

  /** What does not wait for the end of quiet hours: all of it outside of them, what is critical within. */
  async #undisturbed(
    tx: Queryable,
    receiver: NoticeReceiver,
    notices: readonly NoticeRow[],
    nowMs: number,
  ): Promise<readonly NoticeRow[]> {
    const quietMs = await this.#quietUntil(receiver, nowMs);
    if (quietMs === undefined) return notices;
    const isCritical = ({ severity }: NoticeRow) => severity === 'critical';
    await holdBack(
      tx,
      notices.filter((one) => !isCritical(one)),
      quietMs,
    );
    return notices.filter(isCritical);
  }

  /** Loaded where somebody has quiet hours: who has none needs no calendar. */
  async #quietUntil({ site, quiet }: NoticeReceiver, nowMs: number): Promise<number | undefined> {
    const at = this.#options.sites.get(site);
    if (!quiet || !at) return undefined;
    const { zoneClock } = await import('../../duty/zone-clock.ts');
    return quietUntil(quiet, zoneClock(at.site.timeZone), nowMs);
  }

  /** Does not reject. */
  async #send(taken: TakenNotice): Promise<void> {
    const { logger } = this.#options;
    const { notice, receiver } = taken;
    try {
      const settled = await this.#deliver(taken);
      if (!settled) return;
      const worksAgain = settled.outcome === 'sent' ? await this.#worksAgain(receiver) : [];
      await this.#settle(taken, settled);
      await endPauses(this.#options.db, worksAgain, this.#options.clocks.wallMs());
      const afterMs = this.#options.clocks.wallMs() - notice.made_at.getTime();
      this.#options.told?.({
        ...{ site: notice.site, channel: notice.channel, outcome: settled.outcome },
        ...(settled.outcome === 'sent' ? { afterMs } : {}),
      });
    } catch (err) {
      // It is sent again when its lease ends.
      logger.warn({ err, notice: notice.id, receiver: receiver.id }, 'a notice could not be settled');
    }
  }

  async #deliver({ notice, receiver, bundled }: TakenNotice): Promise<Settled | undefined> {
    const { db, sites, channels, clocks, links } = this.#options;
    const at = sites.get(notice.site);
    if (!at) return undefined;
    if (notice.kind === 'cleared' && !(await wasToldOn(db, notice))) return { outcome: 'lapsed' };
    if (!isAboutIncident(notice.subject)) {
      const { language, address } = receiver;
      const about = await otherNoticeOf(db, at, notice, { language, nowMs: clocks.wallMs() });
      return about ? channels.send(about, address, this.#stopping.signal) : { outcome: 'lapsed' };
    }
    const { bundledLines } = this.#policy;
    const found: IncidentWithAlerts[] = [];
    for (const { subject, kind } of [notice, ...bundled]) {
      const one = await findIncidentWithAlerts(db, notice.site, subject, bundledLines);
      if (one && (kind === 'cleared' || !(one.incident.state === 'over' || one.incident.quiet)))
        found.push(one);
    }
    const [first, ...others] = found;
    if (!first) return { outcome: 'lapsed' };
    const { id, seq, kind, capped_until: capped } = notice;
    const { language, address } = receiver;
    const message = composeNotice(first, at, {
      ...{ id, seq, kind, language, others, cappedUntil: capped, nowMs: clocks.wallMs() },
      linesAtMost: bundledLines,
    });
    const follows = await toldBefore(db, notice, this.#policy.followsAtMost);
    // What stands for several is taken in the console: a press takes one.
    const acknowledge =
      others.length === 0 ? await links?.linkFor(notice, receiver, first.incident, at.console) : undefined;
    // The time of its row: the same in each try, and in what refers to it later.
    const sent = {
      ...{ ...message, at: notice.at.toISOString() },
      ...(follows.length > 0 ? { follows } : {}),
      ...(acknowledge === undefined ? {} : { acknowledge }),
    };
    return channels.send(sent, address, this.#stopping.signal);
  }

  /**
   * Who was not told the last time and can be now that this one is: itself, and those with the same server.
   * One that fails all the same, as a mailbox that is full, is not hurried again and again.
   */
  async #worksAgain({ site, id, address }: NoticeReceiver): Promise<readonly FailingReceiver[]> {
    const { db, clocks } = this.#options;
    const nowMs = clocks.monotonicMs();
    const server = sharedServer(address, site);
    for (const [name, untilMs] of this.#hurried) if (untilMs <= nowMs) this.#hurried.delete(name);
    return (await failingReceivers(db, this.#sites)).filter((one) => {
      if (one.site === site && one.id === id) return true;
      const name = `${one.site} ${one.id}`;
      if (sharedServer(one.address, one.site) !== server || this.#hurried.has(name)) return false;
      this.#hurried.set(name, nowMs + this.#policy.hurriedApartMs);
      return true;
    });
  }

  async #settle({ notice, receiver, bundled }: TakenNotice, settled: Settled): Promise<void> {
    const { db, clocks, logger } = this.#options;
    const nowMs = clocks.wallMs();
    const { firstMs, maxMs } = notifyPolicy.backOff;
    const isRefused = settled.outcome === 'refused';
    await db.transaction().execute(async (tx) => {
      if (settled.outcome === 'retry') {
        const isEnding = settled.code === 'notify.interrupted';
        const isAsked = settled.afterMs !== undefined;
        const pauseMs = settled.afterMs ?? Math.min(maxMs, firstMs * 2 ** (notice.attempts - 1));
        const dueMs = isEnding ? nowMs : nowMs + pauseMs;
        const { code } = settled;
        if (!(await settleNotice(tx, notice, { state: 'waiting', code, dueMs }, nowMs)) || isEnding) return;
        const pauseCode = isAsked ? 'notify.throttled' : code;
        await noteReceiver(tx, receiver, { pausedUntilMs: dueMs, pauseCode, fault: null }, nowMs);
        return;
      }
      const { outcome: state, ...more } = settled;
      if (!(await settleNotice(tx, notice, { state, ...more }, nowMs))) return;
      if (state === 'lapsed') return;
      const fault = settled.outcome === 'refused' ? settled.code : null;
      await noteReceiver(tx, receiver, { pausedUntilMs: null, pauseCode: null, fault }, nowMs);
      if (settled.outcome === 'refused') await passToFallback(tx, [notice, ...bundled], nowMs);
    });
    if (isRefused)
      logger.warn(
        { receiver: receiver.id, notice: notice.id, code: settled.code },
        'a receiver refused a notice',
      );
    if (settled.outcome !== 'lapsed') await this.#compareFaults(notice.site);
  }

  /** What receivers refuse is a fault of the server of which somebody is told by another way. */
  async #compareFaults(site: string): Promise<void> {
    const { db, faults } = this.#options;
    const now = await receiverFaults(db, site);
    const known = this.#faults.get(site);
    if (known && known.length === now.length && known.every((code) => now.includes(code))) return;
    this.#faults.set(site, now);
    faults?.(site, now);
  }
}

import type {
  WarningList,
  WarningMessage,
  WarningSenderRequest,
  WarningTaken,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { append as appendAudit } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { systemGateway } from '../health/loss-finding.ts';
import { SystemEvents } from '../health/system-events.ts';
import { commitIn } from '../ingest/commit-batch.ts';
import type { DecisionContext } from '../ingest/decision-context.ts';
import { emptyBatch } from '../ingest/ingest-batch.ts';
import type { CapMessage } from '../notify/cap/cap-message.ts';
import { readCapMessage } from '../notify/cap/read-cap.ts';
import { gatewayPlace } from '../places/event-place.ts';
import type { AppendChanges, ChangeLog } from '../store/change-log.ts';
import type { Queryable } from '../store/schema.ts';
import {
  listWarnings,
  lockWarnings,
  messagesIn,
  messagesOf,
  overdueWarnings,
  releaseWarning,
  saveMessage,
  saveWarningSender,
  trimQuarantine,
  type WarningRow,
  warningSender,
} from '../store/warning-store.ts';
import { assessWarning, capMs, referredBy, type WarningAssessment } from './assess-warning.ts';
import { coversSite, placesOf } from './covers-site.ts';
import { warningPolicy } from './policy.ts';

/** What of a site decides on its alerts. */
export type WarnedSite = Pick<DecisionContext, 'directory' | 'rules' | 'policy'>;

/** What {@link Warnings} needs. */
export interface WarningsOptions {
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly sites: ReadonlyMap<string, WarnedSite>;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** A transaction in which warnings of a site change, with what its alerts are told. */
interface Work {
  readonly tx: Queryable;
  readonly append: AppendChanges;
  readonly site: string;
  readonly nowMs: number;
}

/**
 * Public warnings of others, in messages of CAP 1.2: kept, judged by sender, area and time, and alerts of the
 * site while they hold. Messages that follow each other are one alert. What a sender says whom nobody has
 * accepted waits until somebody has looked, and alerts nobody.
 */
export class Warnings {
  readonly #options: WarningsOptions;
  readonly #events: ReadonlyMap<string, SystemEvents>;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: WarningsOptions) {
    this.#options = options;
    const { newId, nowMs } = options;
    this.#events = new Map(
      [...options.sites.keys()].map((site) => [site, new SystemEvents({ site, newId, nowMs })]),
    );
  }

  /** Begins to look for what is over. */
  start(): void {
    this.#timer ??= setInterval(() => this.#begin(), warningPolicy.lookMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /**
   * Takes a message; the same again changes nothing.
   * @throws WatchpostError `cap.*` with the path, `warning.same_identifier`
   */
  async take(site: SiteId, bytes: Uint8Array): Promise<WarningTaken> {
    const { newId, nowMs } = this.#options;
    const { message, signed } = readCapMessage(bytes);
    return this.#change(site, async (work) => {
      const [known] = await messagesOf(work.tx, site, message.sender, [message.identifier]);
      if (known) {
        if (known.sent.getTime() !== capMs(message.sent))
          throw new WatchpostError('warning.same_identifier', { path: '/alert/identifier' });
        return { id: known.id, state: known.state };
      }
      const sender = await warningSender(work.tx, site, message.sender);
      const row = { id: newId(), receivedAt: new Date(nowMs()).toISOString(), signed };
      if (sender === 'accepted') return this.#apply(work, message, row);
      const state = sender === 'refused' ? 'refused' : 'quarantined';
      const judged = this.#judge(work, message);
      await this.#save(work, message, { ...row, state, warning: row.id, holds: false, judged });
      await trimQuarantine(work.tx, site, warningPolicy.quarantinedAtMost);
      return { id: row.id, state };
    });
  }

  /** Who sends, and the newest messages. */
  async list(sites: readonly SiteId[]): Promise<WarningList> {
    const { senders, messages } = await listWarnings(this.#options.db, sites, warningPolicy.shown);
    return { senders, messages: messages.map(toMessage) };
  }

  /**
   * Accepts or refuses a sender from now on. What of an accepted one waited is judged as if it came now; what
   * of a refused one holds is over.
   * @throws WatchpostError `warning.too_many_senders`
   */
  async decide(person: Person, site: SiteId, { sender, to, reason }: WarningSenderRequest): Promise<void> {
    const { nowMs } = this.#options;
    await this.#change(site, async (work) => {
      const at = new Date(nowMs()).toISOString();
      const { sendersAtMost } = warningPolicy;
      if (!(await saveWarningSender(work.tx, { site, sender, state: to, at }, sendersAtMost)))
        throw new WatchpostError('warning.too_many_senders', { details: { atMost: sendersAtMost } });
      if (to === 'accepted')
        for (const { id, message, signed, received_at } of await messagesIn(
          work.tx,
          site,
          sender,
          'quarantined',
        ))
          await this.#apply(work, message, { id, signed, receivedAt: received_at.toISOString() });
      else
        for (const { warning } of (await messagesIn(work.tx, site, sender, 'alerted')).filter(
          ({ holds }) => holds,
        ))
          await this.#end(work, warning, 'refused');
      await appendAudit(work.tx, {
        ...{ at, actor: actorOf(person), site, reason, outcome: 'done', details: { to } },
        ...{
          action: 'warning_sender_decided',
          subject: { kind: 'warning_sender', id: sender.slice(0, 128) },
        },
      });
    });
  }

  /** Ends what is over by now. */
  async endOverdue(): Promise<void> {
    const { db, nowMs, sites } = this.#options;
    for (const site of sites.keys()) {
      const now = () => new Date(nowMs()).toISOString();
      if ((await overdueWarnings(db, site, now())).length === 0) continue;
      await this.#change(site, async (work) => {
        for (const { warning } of await overdueWarnings(work.tx, site, now()))
          await this.#end(work, warning, 'expired');
      });
    }
  }

  #begin(): void {
    this.#looking ??= this.endOverdue()
      .catch((err: unknown) =>
        this.#options.logger.warn({ err }, 'warnings that are over could not be ended'),
      )
      .finally(() => {
        this.#looking = undefined;
      });
  }

  /** @throws WatchpostError `api.not_found` for a site that does not run here */
  async #change<T>(site: string, work: (work: Work) => Promise<T>): Promise<T> {
    if (!this.#options.sites.has(site)) throw new WatchpostError('api.not_found', { path: '/site' });
    const nowMs = this.#options.nowMs();
    return this.#options.changes.commit(async (tx, append) => {
      await lockWarnings(tx, site);
      return work({ tx, append, site, nowMs });
    });
  }

  #judge({ site, nowMs }: Work, message: CapMessage): WarningAssessment {
    const at = this.#options.sites.get(site);
    const places = at ? placesOf(at.directory.site) : [];
    return assessWarning(message, (area) => coversSite(area, places), nowMs);
  }

  /** What a message of an accepted sender does. */
  async #apply(
    work: Work,
    message: CapMessage,
    row: { readonly id: string; readonly receivedAt: string; readonly signed: boolean },
  ): Promise<WarningTaken> {
    const judged = this.#judge(work, message);
    const before = await messagesOf(work.tx, work.site, message.sender, referredBy(message));
    const warnings = [...new Set(before.map(({ warning }) => warning))];
    const [warning = row.id, ...others] = warnings;
    if (judged.holds) {
      for (const other of others) await this.#end(work, other, 'updated');
      await releaseWarning(work.tx, work.site, warning);
      const { severity, text, area, expiresMs } = judged.content;
      await this.#tell(work, {
        type: 'watchpost.warning.received.v1',
        data: {
          ...{ warning, severity, sender: message.sender.slice(0, 200) },
          ...{ text: text === '' ? '–' : text, area },
          expires: new Date(expiresMs).toISOString(),
        },
      });
    } else if (judged.ends) for (const one of warnings) await this.#end(work, one, judged.ends);
    await this.#save(work, message, { ...row, state: judged.state, warning, holds: judged.holds, judged });
    return { id: row.id, state: judged.state };
  }

  async #save(
    { tx, site }: Work,
    message: CapMessage,
    row: {
      readonly id: string;
      readonly receivedAt: string;
      readonly signed: boolean;
      readonly state: WarningTaken['state'];
      readonly warning: string;
      readonly holds: boolean;
      readonly judged: WarningAssessment;
    },
  ): Promise<void> {
    const { severity, text, area, expiresMs } = row.judged.content;
    await saveMessage(tx, {
      ...{ site, id: row.id, sender: message.sender, identifier: message.identifier },
      ...{ sent: new Date(capMs(message.sent)).toISOString(), received_at: row.receivedAt },
      ...{ state: row.state, warning: row.warning, holds: row.holds, signed: row.signed },
      ...{ severity, text, area, expires_at: new Date(expiresMs).toISOString() },
      message: JSON.stringify(message),
    });
  }

  /** Nothing of a warning holds any more, and its alert hears so. */
  async #end(
    work: Work,
    warning: string,
    reason: 'cancelled' | 'updated' | 'expired' | 'refused',
  ): Promise<void> {
    if ((await releaseWarning(work.tx, work.site, warning)).length === 0) return;
    await this.#tell(work, { type: 'watchpost.warning.ended.v1', data: { warning, reason } });
  }

  async #tell(
    { tx, append, site, nowMs }: Work,
    what: Pick<Parameters<SystemEvents['make']>[0], 'type' | 'data'>,
  ): Promise<void> {
    const at = this.#options.sites.get(site);
    const events = this.#events.get(site);
    if (!at || !events) return;
    const place = gatewayPlace(at.directory, systemGateway);
    const event = events.make({ ...what, place } as Parameters<SystemEvents['make']>[0]);
    const { newId } = this.#options;
    await commitIn(tx, append, { ...emptyBatch, events: [event] }, { ...at, newId, nowMs });
  }
}

function toMessage(row: WarningRow): WarningMessage {
  const { id, sender, identifier, state, severity, text, area, signed, message } = row;
  return {
    ...{ id, site: row.site as SiteId, sender, identifier, state, severity, text, area, signed },
    ...{ sent: row.sent.toISOString(), receivedAt: row.received_at.toISOString() },
    ...{ msgType: message.msgType, status: message.status },
    expires: row.expires_at.toISOString(),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@watchpost/contracts/alert';
import { alertTopic } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { ChangeRelay } from '../alerts/change-relay.ts';
import { relayPolicy } from '../alerts/policy.ts';
import type { AlertingPolicy } from '../policy.ts';
import type { ChangeLog, LoggedChange } from '../store/change-log.ts';
import { relayOffset, saveRelayOffset } from '../store/relay-offsets.ts';
import type { Queryable } from '../store/schema.ts';
import { AcknowledgedPosition } from './acknowledged-position.ts';
import { RetainedAlertSync } from './retained-alert-sync.ts';

/** What {@link AlertPublisher} needs. */
export interface AlertPublisherOptions {
  readonly db: Queryable;
  readonly changes: ChangeLog;
  readonly site: string;
  readonly policy: AlertingPolicy['retained'];
  /** Publishes retained; `done` once the broker has it, never when the connection ends before. */
  readonly publish: (topic: string, payload: string, done: () => void) => void;
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly everyMs?: number;
  readonly unacknowledgedAtMost?: number;
}

/**
 * Tells the broker what happens to alerts: the consumer `mqtt` of the log. Each alert is retained as it is
 * until it closes. How far the broker has acknowledged is remembered in the store, so that after whatever end
 * the next connection begins with what it may have missed.
 */
export class AlertPublisher {
  readonly #options: AlertPublisherOptions;
  readonly #relay: ChangeRelay;
  readonly #retained: RetainedAlertSync;
  #connection: AbortController | undefined;
  #window = new AcknowledgedPosition(-1);
  /** What the store knows to be acknowledged; undefined until that was read, or when nothing ever was. */
  #saved: number | undefined;
  #saving: NodeJS.Timeout | undefined;
  #hasRoom: (() => void) | undefined;

  constructor(options: AlertPublisherOptions) {
    this.#options = options;
    const { changes, site, logger } = options;
    this.#relay = new ChangeRelay({ changes, site, logger, take: (page) => this.#publish(page) });
    this.#retained = new RetainedAlertSync(options);
  }

  /**
   * The broker is there. `isKept`: it knew us, so it has what it acknowledged, but for the last minutes
   * before a crash of its own.
   */
  async connected(isKept: boolean): Promise<void> {
    this.lost();
    const { logger, everyMs = relayPolicy.everyMs } = this.#options;
    const connection = new AbortController();
    const { signal } = connection;
    this.#connection = connection;
    this.#saving = setInterval(() => void this.#save(), everyMs);
    for (; !signal.aborted; await sleep(everyMs, undefined, { signal }).catch(() => undefined)) {
      try {
        return await this.#begin(isKept, signal);
      } catch (error) {
        logger.warn({ err: error }, 'alerts cannot be published yet, trying again');
      }
    }
  }

  /** The connection ended: what it did not acknowledge is told the next one. */
  lost(): void {
    this.#connection?.abort();
    this.#connection = undefined;
    clearInterval(this.#saving);
    this.#relay.stop();
    this.#retained.stop();
    this.#hasRoom?.();
  }

  /** Ends, and remembers what is acknowledged by now. */
  async stop(): Promise<void> {
    this.lost();
    await this.#save();
  }

  async #begin(isKept: boolean, signal: AbortSignal): Promise<void> {
    const { db, changes, site, everyMs = relayPolicy.everyMs } = this.#options;
    await this.#save();
    this.#saved ??= await relayOffset(db, site, 'mqtt');
    const head = await changes.head();
    const missed = isKept ? await this.#missed(head) : undefined;
    if (signal.aborted) return;
    this.#window = new AcknowledgedPosition(this.#saved ?? -1);
    // Until the broker has everything up to here, no later acknowledgement counts.
    const toldAll = this.#window.sent(head);
    this.#relay.start(head);
    while (!signal.aborted) {
      if (await this.#retained.run(missed)) return toldAll();
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Alerts that a broker may not know that kept its memory; undefined when that cannot be told, or is too
   * much.
   */
  async #missed(head: number): Promise<string[] | undefined> {
    const { db, changes, site, policy } = this.#options;
    const acknowledged = this.#saved;
    if (acknowledged === undefined || head - acknowledged > policy.missedChangesAtMost) return undefined;
    const at = await changes.timeOf(site, acknowledged);
    const forgotten = (await relayOffset(db, site, 'retention')) ?? 0;
    if (!at || forgotten > acknowledged) return undefined;
    const againAfter = acknowledged - policy.toldAgain.changes;
    const againFrom = new Date(at.getTime() - policy.toldAgain.withinMs);
    return changes.alertsSince(site, { acknowledged, againAfter, againFrom });
  }

  /** Of several changes of an alert in one page the newest is enough. */
  #publish(page: readonly LoggedChange[]): void | Promise<void> {
    const { site, publish, unacknowledgedAtMost = relayPolicy.unacknowledgedAtMost } = this.#options;
    const newest = new Map(page.map(({ alert, position }) => [alert.id, position]));
    for (const { alert, position } of page) {
      const acknowledge = this.#window.sent(position);
      if (newest.get(alert.id) !== position) acknowledge();
      else
        publish(alertTopic(site, alert.id), payloadOf(alert), () => {
          acknowledge();
          if (this.#window.waiting < unacknowledgedAtMost) this.#hasRoom?.();
        });
      this.#retained.note(alert.id);
    }
    if (this.#window.waiting < unacknowledgedAtMost) return;
    return new Promise((resolve) => {
      this.#hasRoom = resolve;
    });
  }

  async #save(): Promise<void> {
    const { db, site, logger } = this.#options;
    const { position } = this.#window;
    if (position <= (this.#saved ?? -1)) return;
    try {
      await saveRelayOffset(db, site, 'mqtt', position);
      this.#saved = Math.max(position, this.#saved ?? -1);
    } catch (error) {
      logger.warn({ err: error }, 'what the broker has could not be noted, trying again');
    }
  }
}

/** A closed alert is taken away. */
function payloadOf(alert: Alert): string {
  return alert.state === 'closed' ? '' : JSON.stringify(alert);
}

import { brokerFloodTopic } from '@watchpost/contracts/wire';
import { floodPolicy } from './policy.ts';

/** What is told of a gateway that sends more telemetry than it may; JSON on {@link brokerFloodTopic}. */
export interface FloodNotice {
  readonly site: string;
  readonly gateway: string;
  /** When it began, RFC 3339. */
  readonly since: string;
  /** Messages that were not passed on since then. */
  readonly dropped: number;
}

export interface FloodEvents {
  nowMs(): number;
  /** Publishes a retained message; an empty one takes it away. */
  publish(topic: string, payload: string): void;
  began(notice: FloodNotice): void;
  ended(notice: FloodNotice): void;
}

/** Tells, on a topic of its own per gateway, who floods the broker: retained as long as it goes on. */
export class FloodNotices {
  readonly #events: FloodEvents;
  readonly #floods = new Map<
    string,
    { site: string; gateway: string; since: string; lastMs: number; dropped: number; told: number }
  >();
  #timer: NodeJS.Timeout | undefined;

  constructor(events: FloodEvents) {
    this.#events = events;
  }

  /** Gateways that flood at present. */
  get size(): number {
    return this.#floods.size;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tell(), floodPolicy.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A message of this gateway was over its budget. */
  exceeded(site: string, gateway: string): void {
    const lastMs = this.#events.nowMs();
    const key = `${site} ${gateway}`;
    const known = this.#floods.get(key);
    if (known) {
      known.dropped++;
      known.lastMs = lastMs;
    } else if (this.#floods.size < floodPolicy.most) {
      const since = new Date().toISOString();
      this.#floods.set(key, { site, gateway, since, lastMs, dropped: 1, told: 0 });
      this.#events.began({ site, gateway, since, dropped: 1 });
      this.#tell();
    }
  }

  #tell(): void {
    const now = this.#events.nowMs();
    for (const [key, flood] of this.#floods) {
      const { site, gateway, since, dropped, told, lastMs } = flood;
      const notice: FloodNotice = { site, gateway, since, dropped };
      if (dropped !== told) this.#events.publish(brokerFloodTopic(site, gateway), JSON.stringify(notice));
      flood.told = dropped;
      if (now - lastMs < floodPolicy.overAfterMs) continue;
      this.#floods.delete(key);
      this.#events.publish(brokerFloodTopic(site, gateway), '');
      this.#events.ended(notice);
    }
  }
}

import { parseTopic } from '@watchpost/contracts/wire';
import { TokenBucket } from '../domain/token-bucket.ts';
import type { BrokerLimits } from '../policy.ts';
import { telemetryPolicy } from './policy.ts';

export interface TelemetryLimitEvents {
  nowMs(): number;
  /** A message of this gateway was not passed on. */
  exceeded(site: string, gateway: string): void;
}

/** Whether one more telemetry message of so many bytes on this topic may pass. */
export type TelemetryGate = (topic: string, bytes: number) => boolean;

/**
 * How much telemetry each principal may send, over all of its connections. Apart from the rate of a
 * connection, so that measurements are given up and events are not even delayed.
 */
export class TelemetryLimit {
  readonly #limits: Pick<BrokerLimits, 'telemetryPerSecond' | 'telemetryBytesPerSecond'>;
  readonly #events: TelemetryLimitEvents;
  readonly #budgets = new Map<string, { messages: TokenBucket; bytes: TokenBucket }>();

  constructor(
    limits: Pick<BrokerLimits, 'telemetryPerSecond' | 'telemetryBytesPerSecond'>,
    events: TelemetryLimitEvents,
  ) {
    this.#limits = limits;
    this.#events = events;
  }

  /** The gate of one connection of this principal. */
  gateOf(principal: string): TelemetryGate {
    const { messages, bytes } = this.#budgetOf(principal);
    return (topic, size) => {
      const now = this.#events.nowMs();
      if (messages.tryTake(1, now) && bytes.tryTake(size, now)) return true;
      const { site = '', gateway = '' } = parseTopic(topic) ?? {};
      this.#events.exceeded(site, gateway);
      return false;
    };
  }

  #budgetOf(principal: string) {
    const { telemetryPerSecond: messages, telemetryBytesPerSecond: bytes } = this.#limits;
    const now = this.#events.nowMs();
    const budget = this.#budgets.get(principal) ?? {
      messages: new TokenBucket(messages, messages * telemetryPolicy.burstSeconds, now),
      bytes: new TokenBucket(bytes, bytes * telemetryPolicy.burstSeconds, now),
    };
    this.#budgets.delete(principal);
    this.#budgets.set(principal, budget);
    const [oldest] = this.#budgets.keys();
    if (this.#budgets.size > telemetryPolicy.remembered && oldest !== undefined) this.#budgets.delete(oldest);
    return budget;
  }
}

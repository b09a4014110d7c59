import { type BrokerLimits, brokerPolicy } from '../policy.ts';
import type { SessionOwners } from './session-owners.ts';

export interface SweptSessions {
  readonly limits: Pick<BrokerLimits, 'sessionExpiryMs' | 'offlineAgeMs'>;
  readonly owners: SessionOwners;
  /** While false nothing is known of the sessions. */
  isReady(): boolean;
  /** Forgets messages and sessions that are too old; the client ids of the latter. */
  sweep(): readonly string[] | Promise<readonly string[]>;
  expired(clientId: string): void;
  failed(error: unknown): void;
}

/**
 * Looks regularly for sessions and messages that are too old, and gives the client ids of such sessions back.
 */
export class SessionSweep {
  readonly #swept: SweptSessions;
  #timer: NodeJS.Timeout | undefined;

  constructor(swept: SweptSessions) {
    this.#swept = swept;
  }

  start(): void {
    const { sessionExpiryMs, offlineAgeMs } = this.#swept.limits;
    const everyMs = Math.min(brokerPolicy.longestSweepMs, sessionExpiryMs / 2, offlineAgeMs / 2);
    this.#timer = setInterval(() => void this.#sweep(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    const { owners, isReady, sweep, expired, failed } = this.#swept;
    if (!isReady()) return;
    try {
      for (const clientId of new Set([...(await sweep()), ...this.#forgottenOwners()])) {
        owners.forget(clientId);
        expired(clientId);
      }
    } catch (error) {
      failed(error);
    }
  }

  /**
   * Of a session that a restart has ended the owner is remembered for as long as the session would have been.
   */
  #forgottenOwners(): string[] {
    const { limits, owners } = this.#swept;
    const old = ({ goneForMs = 0 }) => goneForMs > limits.sessionExpiryMs;
    return [...owners.kept()].filter(old).map(({ clientId }) => clientId);
  }
}

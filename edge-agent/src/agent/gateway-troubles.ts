import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { monotonicMs } from '../clock/boot-clock.ts';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import { hookPolicy } from '../drivers/policy.ts';
import type { Outboxes } from '../outbox/open-outboxes.ts';
import { clockPolicy } from '../policy.ts';

/**
 * What is wrong with the gateway as a whole, as codes of the error registry; each is logged when it begins
 * and when it ends.
 */
export class GatewayTroubles {
  readonly #clock: Pick<GatewayClock, 'isUnknown' | 'offsetMs'>;
  readonly #outboxes: Pick<Outboxes, 'trouble'>;
  readonly #log: Logger;
  #stray: { readonly code: ErrorCode; readonly atMs: number } | null = null;
  #said: ReadonlySet<ErrorCode> = new Set();

  constructor(
    clock: Pick<GatewayClock, 'isUnknown' | 'offsetMs'>,
    outboxes: Pick<Outboxes, 'trouble'>,
    log: Logger,
  ) {
    this.#clock = clock;
    this.#outboxes = outboxes;
    this.#log = log;
  }

  /** Most weighty first. */
  get now(): readonly ErrorCode[] {
    const { offsetMs, isUnknown } = this.#clock;
    const disk = this.#outboxes.trouble();
    const codes: ErrorCode[] = [];
    if (isUnknown) codes.push('edge.clock_unknown');
    if (disk !== null) codes.push(disk);
    if (offsetMs !== null && Math.abs(offsetMs) > clockPolicy.wrongAboveMs) codes.push('edge.clock_wrong');
    if (this.#stray && monotonicMs() - this.#stray.atMs < hookPolicy.strayForMs) codes.push(this.#stray.code);
    return codes;
  }

  /** Something called that is no device of this gateway: it shows for a while. */
  stray(code: ErrorCode): void {
    this.#stray = { code, atMs: monotonicMs() };
  }

  /** Call now and then. @returns whether something changed since the last look. */
  look(): boolean {
    const codes = new Set(this.now);
    const begun = [...codes].filter((code) => !this.#said.has(code));
    const ended = [...this.#said].filter((code) => !codes.has(code));
    this.#said = codes;
    for (const code of begun)
      this.#log.error({ code, offsetMs: this.#clock.offsetMs }, 'gateway trouble begins');
    for (const code of ended) this.#log.info({ code }, 'gateway trouble ended');
    return begun.length + ended.length > 0;
  }
}

import type { ErrorCode } from '@watchpost/contracts/errors';
import { LogQuota } from '@watchpost/service';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';

/** Counts what gateways fetch, and writes down what is refused; a flood is shortened in the log. */
export class DoorAudit {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #quota = new LogQuota();
  readonly #answered: Counter<'document' | 'outcome'>;

  constructor(log: Logger, registry: Registry, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
    this.#answered = new Counter({
      name: 'watchpost_door_documents_total',
      help: 'Documents that gateways asked for, by outcome: sent, unchanged, taken, or the code of the refusal.',
      labelNames: ['document', 'outcome'],
      registers: [registry],
    });
  }

  /** @param caller who got or said something that is to be on record by name: faces, their keys, erasures */
  answered(
    document: string,
    outcome: 'sent' | 'unchanged' | 'taken',
    caller?: { readonly site: string; readonly gateway: string; readonly serial: string },
  ): void {
    this.#answered.inc({ document, outcome });
    if (!caller) return;
    const { site, gateway, serial } = caller;
    this.#log.info({ document, outcome, site, gateway, serial }, 'faces at the door');
  }

  refused(document: string, remote: string, code: ErrorCode): void {
    this.#answered.inc({ document, outcome: code });
    const suppressed = this.#quota.take(`${document} ${code}`, this.#nowMs());
    if (suppressed === undefined) return;
    this.#log.warn({ document, remote, code, ...(suppressed > 0 ? { suppressed } : {}) }, 'document refused');
  }
}

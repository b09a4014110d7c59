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
      help: 'Documents that gateways asked for, by outcome: sent, unchanged, or the code of the refusal.',
      labelNames: ['document', 'outcome'],
      registers: [registry],
    });
  }

  answered(document: string, outcome: 'sent' | 'unchanged'): void {
    this.#answered.inc({ document, outcome });
  }

  refused(document: string, remote: string, code: ErrorCode): void {
    this.#answered.inc({ document, outcome: code });
    const suppressed = this.#quota.take(`${document} ${code}`, this.#nowMs());
    if (suppressed === undefined) return;
    this.#log.warn({ document, remote, code, ...(suppressed > 0 ? { suppressed } : {}) }, 'document refused');
  }
}

import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { Principal } from '@watchpost/contracts/wire';
import { LogQuota } from '@watchpost/service';
import type { Logger } from 'pino';
import { TakeoverWatch } from '../domain/takeover-watch.ts';
import type { BrokerMetrics, DroppedLimit, RefusalReason } from './broker-metrics.ts';
import type { FloodNotice } from './flood-notices.ts';
import { auditPolicy } from './policy.ts';

const codes: Record<RefusalReason, ErrorCode> = {
  connections: 'broker.too_many_connections',
  connections_per_address: 'broker.too_many_connections',
  connect_timeout: 'broker.connect_timeout',
  packet_too_large: 'broker.packet_too_large',
  malformed_packet: 'broker.malformed_packet',
  unauthorized: 'broker.unauthorized',
  expired: 'identity.expired',
  revoked: 'identity.revoked',
  client_id: 'broker.client_id',
  client_id_taken: 'broker.client_id_taken',
  will: 'broker.forbidden_topic',
  publish: 'broker.forbidden_topic',
  subscribe: 'broker.forbidden_topic',
  keepalive: 'broker.keepalive',
  idle: 'broker.idle_connection',
  attempts: 'broker.too_many_attempts',
  topic_levels: 'broker.forbidden_topic',
  subscriptions: 'broker.quota',
  sessions: 'broker.quota',
  inflight: 'broker.quota',
  slow_consumer: 'broker.slow_consumer',
  tls: 'broker.unauthorized',
  cluster: 'broker.cluster_unavailable',
};

/**
 * What is known of a client when something is written about it. Client ids and topics are cut to a safe
 * length.
 */
export interface Subject {
  readonly remote: string;
  readonly client?: string;
  readonly principal?: Principal | undefined;
  /** The credential, as it is named for revoking it. */
  readonly by?: string;
}

/**
 * Counts and writes down who connected and what was refused. Never a secret or a payload; floods are
 * shortened.
 */
export class Audit {
  readonly #log: Logger;
  readonly #metrics: BrokerMetrics;
  readonly #nowMs: () => number;
  readonly #quota = new LogQuota();
  readonly #takeovers = new TakeoverWatch();

  constructor(log: Logger, metrics: BrokerMetrics, nowMs: () => number) {
    this.#log = log;
    this.#metrics = metrics;
    this.#nowMs = nowMs;
  }

  connected(subject: Subject): void {
    this.#metrics.accepted.inc();
    this.#write('connect', (suppressed) =>
      this.#log.info({ ...fields(subject), ...suppressed }, 'client connected'),
    );
  }

  disconnected(subject: Subject): void {
    this.#write('disconnect', (suppressed) =>
      this.#log.info({ ...fields(subject), ...suppressed }, 'client disconnected'),
    );
  }

  /** Counts a refusal, and returns the error for whoever has to be told. */
  refused(reason: RefusalReason, subject: Subject, details: WatchpostError['details'] = {}): WatchpostError {
    this.#metrics.refused.inc({ reason });
    const error = new WatchpostError(codes[reason], { details });
    this.#write(reason, (suppressed) =>
      this.#log.warn({ ...fields(subject), code: error.code, reason, ...details, ...suppressed }, 'refused'),
    );
    return error;
  }

  /** A client id connected again; several times in a minute means that two devices share it. */
  takenOver(subject: Subject, previousRemote: string): void {
    this.#metrics.takeovers.inc();
    const duplicate = this.#takeovers.note(subject.client ?? '', this.#nowMs());
    this.#write(duplicate ? 'duplicate' : 'takeover', (suppressed) => {
      const line = { ...fields(subject), previousRemote, ...suppressed };
      if (duplicate) this.#log.warn({ ...line, code: 'wire.duplicate_identity' }, 'client id is used twice');
      else this.#log.info(line, 'session taken over');
    });
  }

  /** A message was not kept. */
  dropped(limit: DroppedLimit, client: string | undefined): void {
    this.#metrics.dropped.inc({ limit });
    this.#write(limit, (suppressed) =>
      this.#log.warn(
        {
          code: 'broker.quota',
          limit,
          ...(client === undefined ? {} : { client: shortened(client) }),
          ...suppressed,
        },
        'message not kept',
      ),
    );
  }

  /** A gateway sends more telemetry than it may. */
  floodBegan({ gateway }: FloodNotice): void {
    this.#log.warn({ code: 'broker.telemetry_flood', gateway }, 'gateway floods: telemetry is not passed on');
  }

  floodEnded({ gateway, since, dropped }: FloodNotice): void {
    this.#log.info({ gateway, since, dropped }, 'gateway floods no longer');
  }

  /** A new revocation list is in force. */
  revocationsRead(entries: number): void {
    this.#log.info({ entries }, 'revocations read');
  }

  /** The revocation file cannot be used; the last good list stays in force. */
  revocationsDamaged({ code, path }: WatchpostError): void {
    this.#metrics.revocationsDamaged.inc();
    this.#log.error({ code, path }, 'revocation file damaged');
  }

  /** A session without connection came to its end. */
  expired(client: string): void {
    this.#metrics.expired.inc();
    this.#write('expired', (suppressed) =>
      this.#log.info({ client: shortened(client), ...suppressed }, 'session ended by age'),
    );
  }

  /** What is to be known after a restart could not be read or kept. */
  ownersNotKept({ code, path, cause }: WatchpostError): void {
    this.#write('owners', (suppressed) =>
      this.#log.error({ code, path, err: cause, ...suppressed }, 'owners of client ids are not on disk'),
    );
  }

  /** A session that was kept ended with the credential that it was made with. */
  sessionEnded(standing: string, subject: Subject): void {
    this.#metrics.sessionsRevoked.inc();
    this.#write('session ended', (suppressed) =>
      this.#log.warn(
        { ...fields(subject), standing, ...suppressed },
        'kept session ended with its credential',
      ),
    );
  }

  /** More clients arrive than are let in per second. */
  delayed(): void {
    this.#metrics.delayed.inc();
    this.#write('delayed', (suppressed) => this.#log.warn({ ...suppressed }, 'new connections wait'));
  }

  /** A client sends faster than it may. */
  throttled(remote: string): void {
    this.#metrics.throttled.inc();
    this.#write('throttled', (suppressed) =>
      this.#log.warn({ remote, ...suppressed }, 'client is read more slowly'),
    );
  }

  #write(kind: string, line: (suppressed: { suppressed?: number }) => void): void {
    const suppressed = this.#quota.take(kind, this.#nowMs());
    if (suppressed !== undefined) line(suppressed > 0 ? { suppressed } : {});
  }
}

/** What a client calls itself, short enough for a log line. */
export function shortened(text: string): string {
  const { shownCharacters } = auditPolicy;
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function fields(subject: Subject): Record<string, string> {
  const { remote, client, principal, by } = subject;
  return {
    remote,
    ...(client === undefined ? {} : { client: shortened(client) }),
    ...(principal ? { principal: principal.name, kind: principal.kind } : {}),
    ...(by === undefined ? {} : { by }),
  };
}

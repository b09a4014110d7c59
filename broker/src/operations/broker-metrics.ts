import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Why a connection, a packet or a client was refused; the label of the counter and the `kind` of the log
 * line.
 */
export const refusalReasons = [
  'connections',
  'connections_per_address',
  'connect_timeout',
  'packet_too_large',
  'malformed_packet',
  'unauthorized',
  'expired',
  'revoked',
  'client_id',
  'client_id_taken',
  'will',
  'publish',
  'subscribe',
  'keepalive',
  'idle',
  'attempts',
  'topic_levels',
  'subscriptions',
  'sessions',
  'slow_consumer',
  'inflight',
  'tls',
  'cluster',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface BrokerMetrics {
  readonly accepted: Counter;
  readonly refused: Counter<'reason'>;
  readonly takeovers: Counter;
  readonly messagesIn: Counter<'qos'>;
  readonly bytesIn: Counter;
  readonly messagesOut: Counter;
  readonly dropped: Counter<'limit'>;
  readonly throttled: Counter;
  readonly delayed: Counter;
  readonly attemptsDelayed: Counter;
  readonly expired: Counter;
  readonly sessionsRevoked: Counter;
  readonly keepaliveLowered: Counter;
  readonly revocationsDamaged: Counter;
}

/** What the gauges read when they are collected. */
export interface BrokerCounts {
  connections(): number;
  clients(): number;
  sessions(): number;
  queued(): number;
  retainedMessages(): number;
  retainedBytes(): number;
  revocations(): number;
  /** Gateways that send more telemetry than they may. */
  flooding(): number;
  /** Ports on which secrets come in without encryption, as configured. */
  insecureListeners(): number;
  /** 1 when the other brokers can be reached, 0 when not; nothing for a broker alone. */
  clusterUp?(): number;
}

/** Which limit kept a message from being kept. */
export const droppedLimits = [
  'telemetry_rate',
  'telemetry_queue',
  'telemetry_outbound',
  'offline_messages',
  'offline_bytes',
  'offline_total_bytes',
  'offline_age',
  'retained_messages',
  'retained_bytes',
] as const;
export type DroppedLimit = (typeof droppedLimits)[number];

/** Registers the broker’s metrics; the gauges read `counts` when they are collected. */
export function brokerMetrics(registry: Registry, counts: BrokerCounts): BrokerMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('watchpost_broker_connections', 'Open network connections.', counts.connections);
  gauge('watchpost_broker_clients', 'Clients that were admitted.', counts.clients);
  gauge('watchpost_broker_sessions', 'Sessions that outlive their connection.', counts.sessions);
  gauge('watchpost_broker_queued_messages', 'Messages not acknowledged by those sessions.', counts.queued);
  gauge('watchpost_broker_retained_messages', 'Retained messages.', counts.retainedMessages);
  gauge('watchpost_broker_retained_bytes', 'Their bytes.', counts.retainedBytes);
  gauge('watchpost_broker_revocations', 'Entries of the revocation list in force.', counts.revocations);
  gauge(
    'watchpost_broker_flooding_gateways',
    'Gateways that send more telemetry than they may.',
    counts.flooding,
  );
  gauge(
    'watchpost_broker_insecure_listeners',
    'Ports on which secrets and tokens of other computers come in without encryption, as configured.',
    counts.insecureListeners,
  );
  const { clusterUp } = counts;
  if (clusterUp) gauge('watchpost_broker_cluster_up', '1 when the Redis of the cluster answers.', clusterUp);
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers });
  const metrics = {
    accepted: counter('watchpost_broker_connects_total', 'Clients admitted.'),
    refused: counter('watchpost_broker_refused_total', 'What was refused, by reason.', ['reason']),
    takeovers: counter(
      'watchpost_broker_takeovers_total',
      'Connections closed because their client id connected again.',
    ),
    messagesIn: counter('watchpost_broker_messages_in_total', 'Messages accepted from clients.', ['qos']),
    bytesIn: counter('watchpost_broker_payload_bytes_in_total', 'Bytes of their payloads.'),
    messagesOut: counter('watchpost_broker_messages_out_total', 'Messages sent to clients.'),
    dropped: counter('watchpost_broker_dropped_total', 'Messages not kept, by the limit that was reached.', [
      'limit',
    ]),
    delayed: counter('watchpost_broker_connects_delayed_total', 'Times that new connections had to wait.'),
    attemptsDelayed: counter(
      'watchpost_broker_attempts_delayed_total',
      'Log-ins that had to wait because wrong secrets were tried before.',
    ),
    throttled: counter('watchpost_broker_throttled_total', 'Times that a client was read more slowly.'),
    expired: counter('watchpost_broker_sessions_expired_total', 'Sessions that ended by age.'),
    sessionsRevoked: counter(
      'watchpost_broker_sessions_revoked_total',
      'Kept sessions that ended because the credential of their client was revoked, expired or is no longer known.',
    ),
    keepaliveLowered: counter(
      'watchpost_broker_keepalive_lowered_total',
      'Clients that asked for a longer keep-alive than the limit, or for none.',
    ),
    revocationsDamaged: counter(
      'watchpost_broker_revocations_damaged_total',
      'Times that the revocation file could not be read and the last good list stayed in force.',
    ),
  };
  for (const reason of refusalReasons) metrics.refused.inc({ reason }, 0);
  for (const limit of droppedLimits) metrics.dropped.inc({ limit }, 0);
  return metrics;
}

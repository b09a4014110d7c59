import { Counter, Gauge, type Registry } from 'prom-client';

/** Why a connection, a packet or a client was refused; the label of the counter and the `kind` of the log line. */
export const refusalReasons = [
  'connections',
  'connections_per_address',
  'connect_timeout',
  'packet_too_large',
  'malformed_packet',
  'unauthorized',
  'client_id',
  'will',
  'publish',
  'subscribe',
  'keepalive',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface BrokerMetrics {
  readonly accepted: Counter;
  readonly refused: Counter<'reason'>;
  readonly takeovers: Counter;
  readonly messagesIn: Counter<'qos'>;
  readonly bytesIn: Counter;
}

/** Registers the broker’s metrics; the gauges read `counts` when they are collected. */
export function brokerMetrics(
  registry: Registry,
  counts: { connections(): number; clients(): number },
): BrokerMetrics {
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
  };
  for (const reason of refusalReasons) metrics.refused.inc({ reason }, 0);
  return metrics;
}

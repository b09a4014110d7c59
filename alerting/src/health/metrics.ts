import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Counters and gauges of the service, on a registry of their own. */
export interface AlertingMetrics {
  readonly registry: Registry;
  readonly messages: Counter<'topic'>;
  readonly events: Counter<'type' | 'late'>;
  readonly repeats: Counter;
  readonly rejects: Counter<'code'>;
  readonly telemetryDropped: Counter;
  readonly logins: Counter<'result'>;
  readonly httpAnswers: Counter<'status'>;
  readonly httpRefused: Counter<'code'>;
  readonly connectionsRefused: Counter<'limit'>;
}

/** What the gauges read at each scrape. */
export interface Gauges {
  readonly queueDepth: () => number;
  readonly commitFailures: () => number;
  readonly brokerConnected: () => boolean;
  /** By fault: attempts and connections to the broker that failed. */
  readonly linkFaults: () => Readonly<Partial<Record<string, number>>>;
  readonly streamReaders: () => number;
}

/** Makes the counters, with those of the process. */
export function createMetrics(): AlertingMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    messages: new Counter({
      name: 'watchpost_messages_total',
      help: 'Messages from the broker by topic',
      labelNames: ['topic'],
      registers,
    }),
    events: new Counter({
      name: 'watchpost_events_total',
      help: 'Events committed by type; late ones page nobody',
      labelNames: ['type', 'late'],
      registers,
    }),
    repeats: new Counter({
      name: 'watchpost_event_repeats_total',
      help: 'Events that came again and changed nothing',
      registers,
    }),
    rejects: new Counter({
      name: 'watchpost_rejects_total',
      help: 'Messages and events that were rejected, by error code',
      labelNames: ['code'],
      registers,
    }),
    telemetryDropped: new Counter({
      name: 'watchpost_telemetry_dropped_total',
      help: 'Messages of telemetry that were given up because the store did not keep up',
      registers,
    }),
    logins: new Counter({
      name: 'watchpost_logins_total',
      help: 'Log-in attempts by result',
      labelNames: ['result'],
      registers,
    }),
    httpAnswers: new Counter({
      name: 'watchpost_http_errors_total',
      help: 'HTTP answers of 400 and above, by status',
      labelNames: ['status'],
      registers,
    }),
    httpRefused: new Counter({
      name: 'watchpost_http_malformed_total',
      help: 'Connections closed because no whole request came: malformed, too slow, too large; by error code',
      labelNames: ['code'],
      registers,
    }),
    connectionsRefused: new Counter({
      name: 'watchpost_http_connections_refused_total',
      help: 'Connections closed at once, by the limit that was reached',
      labelNames: ['limit'],
      registers,
    }),
  };
}

/** Adds the gauges; the registry owns them. */
export function addGauges({ registry }: AlertingMetrics, gauges: Gauges): void {
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
  gauge('watchpost_commit_queue_rows', 'Rows that wait to be committed', gauges.queueDepth);
  gauge('watchpost_commit_failures', 'Commits that failed in a row', gauges.commitFailures);
  gauge('watchpost_broker_connected', '1 while the broker link is up', () =>
    Number(gauges.brokerConnected()),
  );
  new Counter({
    name: 'watchpost_broker_link_faults_total',
    help: 'Connections and attempts to connect to the broker that failed, by fault',
    labelNames: ['fault'],
    registers,
    collect() {
      this.reset();
      for (const [fault, count = 0] of Object.entries(gauges.linkFaults())) this.inc({ fault }, count);
    },
  });
  gauge('watchpost_stream_readers', 'Open event streams', gauges.streamReaders);
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LeaseState } from '../leases/leases.ts';

/** Counters and gauges of the service, on a registry of their own. */
export interface AlertingMetrics {
  readonly registry: Registry;
  readonly messages: Counter<'site' | 'topic'>;
  readonly events: Counter<'site' | 'type' | 'late'>;
  readonly repeats: Counter<'site'>;
  readonly rejects: Counter<'site' | 'code'>;
  readonly telemetryDropped: Counter<'site'>;
  readonly logins: Counter<'result'>;
  readonly httpAnswers: Counter<'status'>;
  readonly httpRefused: Counter<'code'>;
  readonly connectionsRefused: Counter<'limit'>;
  readonly dueLate: Histogram<'kind'>;
  readonly notices: Counter<'site' | 'channel' | 'outcome'>;
  readonly noticeAfter: Histogram<'channel'>;
}

/** What the gauges read of one site at each scrape. */
export interface SiteGauges {
  readonly queueDepth: () => number;
  readonly commitFailures: () => number;
  readonly brokerConnected: () => boolean;
  readonly overdueReviews: () => number;
  /** Undefined where nobody keeps gateways in step with lists. */
  readonly lists: () => { readonly behindMs: number; readonly failures: number } | undefined;
  /** By fault: attempts and connections to the broker that failed. */
  readonly linkFaults: () => Readonly<Partial<Record<string, number>>>;
}

/** What the gauges read at each scrape. */
export interface Gauges {
  readonly sites: ReadonlyMap<string, SiteGauges>;
  /** Sites that should run here and cannot. */
  readonly sitesAway: readonly string[];
  readonly streamReaders: () => number;
  /** API tokens that end soon, and those that have ended. */
  readonly dueTokens: () => { readonly soon: number; readonly ended: number };
  readonly outbox: () => { readonly waiting: number; readonly oldestMs: number };
  readonly leases: () => LeaseState;
  readonly dueWork: () => { readonly behindMs: number; readonly failures: number };
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
      labelNames: ['site', 'topic'],
      registers,
    }),
    events: new Counter({
      name: 'watchpost_events_total',
      help: 'Events committed by type; late ones page nobody',
      labelNames: ['site', 'type', 'late'],
      registers,
    }),
    repeats: new Counter({
      name: 'watchpost_event_repeats_total',
      help: 'Events that came again and changed nothing',
      labelNames: ['site'],
      registers,
    }),
    rejects: new Counter({
      name: 'watchpost_rejects_total',
      help: 'Messages and events that were rejected, by error code',
      labelNames: ['site', 'code'],
      registers,
    }),
    telemetryDropped: new Counter({
      name: 'watchpost_telemetry_dropped_total',
      help: 'Messages of telemetry that were given up because the store did not keep up',
      labelNames: ['site'],
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
    notices: new Counter({
      name: 'watchpost_notices_total',
      help: 'Attempts to tell a receiver, by what came of them',
      labelNames: ['site', 'channel', 'outcome'],
      registers,
    }),
    noticeAfter: new Histogram({
      name: 'watchpost_notice_seconds',
      help: 'From the change of an alert to its receipt by a receiver',
      labelNames: ['channel'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800],
      registers,
    }),
    dueLate: new Histogram({
      name: 'watchpost_due_late_seconds',
      help: 'How late work was carried out that was due at a time',
      labelNames: ['kind'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
      registers,
    }),
  };
}

/** Adds the gauges; the registry owns them. */
export function addGauges({ registry }: AlertingMetrics, gauges: Gauges): void {
  const registers = [registry];
  const { sites, sitesAway } = gauges;
  const gauge = (name: string, help: string, read: (site: SiteGauges) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['site'],
      registers,
      collect() {
        for (const [site, one] of sites) this.set({ site }, read(one));
      },
    });
  gauge('watchpost_commit_queue_rows', 'Rows that wait to be committed', (site) => site.queueDepth());
  gauge('watchpost_commit_failures', 'Commits that failed in a row', (site) => site.commitFailures());
  gauge('watchpost_broker_connected', '1 while the broker link is up', (site) =>
    Number(site.brokerConnected()),
  );
  gauge(
    'watchpost_privacy_reviews_overdue',
    'Reviews of privacy assessments and notice signs that are overdue',
    (site) => site.overdueReviews(),
  );
  gauge(
    'watchpost_lists_behind_seconds',
    'How long ago the gateways were in step with the lists the last time',
    (site) => (site.lists()?.behindMs ?? 0) / 1000,
  );
  gauge(
    'watchpost_lists_failures',
    'Times that the gateways could not be brought in step with the lists, since the start',
    (site) => site.lists()?.failures ?? 0,
  );
  new Gauge({
    name: 'watchpost_api_tokens_due',
    help: 'API tokens that end soon, and those that have ended and are not forgotten yet',
    labelNames: ['state'],
    registers,
    collect() {
      const { soon, ended } = gauges.dueTokens();
      this.set({ state: 'soon' }, soon);
      this.set({ state: 'ended' }, ended);
    },
  });
  new Gauge({
    name: 'watchpost_notices_waiting',
    help: 'Notices that wait to be sent, those on the way included',
    registers,
    collect() {
      this.set(gauges.outbox().waiting);
    },
  });
  new Gauge({
    name: 'watchpost_notices_oldest_seconds',
    help: 'How long the oldest notice waits',
    registers,
    collect() {
      this.set(gauges.outbox().oldestMs / 1000);
    },
  });
  new Gauge({
    name: 'watchpost_due_behind_seconds',
    help: 'How late the oldest work is that waits though its time has come',
    registers,
    collect() {
      this.set(gauges.dueWork().behindMs / 1000);
    },
  });
  new Gauge({
    name: 'watchpost_due_failures',
    help: 'Attempts at work that was due that failed, since the start',
    registers,
    collect() {
      this.set(gauges.dueWork().failures);
    },
  });
  new Gauge({
    name: 'watchpost_services',
    help: 'Alerting services that share the database and are alive, this one included',
    registers,
    collect() {
      this.set(gauges.leases().services);
    },
  });
  new Gauge({
    name: 'watchpost_gateways_leased',
    help: 'Leases by site: of this service, and of nobody for too long; each site has one more than gateways',
    labelNames: ['site', 'by'],
    registers,
    collect() {
      const { name, held, unheld } = gauges.leases();
      if (name === undefined) return;
      for (const site of sites.keys()) {
        this.set({ site, by: 'this' }, held.get(site) ?? 0);
        this.set({ site, by: 'nobody' }, unheld.get(site) ?? 0);
      }
    },
  });
  new Gauge({
    name: 'watchpost_site_runs',
    help: '1 for a site that runs, 0 for one whose files cannot be used',
    labelNames: ['site'],
    registers,
    collect() {
      for (const site of sites.keys()) this.set({ site }, 1);
      for (const site of sitesAway) this.set({ site }, 0);
    },
  });
  new Counter({
    name: 'watchpost_broker_link_faults_total',
    help: 'Connections and attempts to connect to the broker that failed, by fault',
    labelNames: ['site', 'fault'],
    registers,
    collect() {
      this.reset();
      for (const [site, { linkFaults }] of sites)
        for (const [fault, count = 0] of Object.entries(linkFaults())) this.inc({ site, fault }, count);
    },
  });
  new Gauge({
    name: 'watchpost_stream_readers',
    help: 'Open event streams',
    registers,
    collect() {
      this.set(gauges.streamReaders());
    },
  });
}

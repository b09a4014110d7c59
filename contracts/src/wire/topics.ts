import { topicLevelPattern } from './ids.ts';

/** Who speaks over MQTT. `officer` is the app of a duty officer. */
export const principalKinds = ['gateway', 'alerting', 'integrator', 'officer', 'demo'] as const;
export type PrincipalKind = (typeof principalKinds)[number];

/**
 * The one table of topics: every rule about who may publish and subscribe is read from here.
 * `gateway` may use a topic only under its own `{site}/{gateway}`.
 */
export const topicTable = {
  up: {
    pattern: 'wp/1/{site}/{gateway}/up',
    retained: false,
    publish: ['gateway', 'demo'],
    subscribe: ['alerting', 'integrator', 'demo'],
    what: 'Events, one or an array',
  },
  telemetry: {
    pattern: 'wp/1/{site}/{gateway}/telemetry',
    retained: false,
    publish: ['gateway', 'demo'],
    subscribe: ['alerting', 'integrator', 'demo'],
    what: 'SenML packs (RFC 8428)',
  },
  state: {
    pattern: 'wp/1/{site}/{gateway}/state',
    retained: true,
    publish: ['gateway', 'demo'],
    subscribe: ['alerting', 'integrator', 'demo'],
    what: 'online or offline, versions, health; offline is the will',
  },
  receipt: {
    pattern: 'wp/1/{site}/{gateway}/receipt',
    retained: true,
    publish: ['alerting'],
    subscribe: ['gateway', 'alerting', 'demo'],
    what: 'Committed watermark and server time',
  },
  cmd: {
    pattern: 'wp/1/{site}/{gateway}/cmd',
    retained: false,
    publish: ['alerting'],
    subscribe: ['gateway', 'demo'],
    what: 'Commands with id and expiry',
  },
  reply: {
    pattern: 'wp/1/{site}/{gateway}/reply',
    retained: false,
    publish: ['gateway', 'demo'],
    subscribe: ['alerting', 'demo'],
    what: 'Replies to commands',
  },
  site: {
    pattern: 'wp/1/{site}/{gateway}/site',
    retained: true,
    publish: ['alerting'],
    subscribe: ['gateway', 'alerting', 'demo'],
    what: 'Signed announcement of the gateway’s site part',
  },
  permit: {
    pattern: 'wp/1/{site}/{gateway}/permit',
    retained: true,
    publish: ['alerting'],
    subscribe: ['gateway', 'alerting', 'demo'],
    what: 'Signed announcement of the gateway’s permit',
  },
  policy: {
    pattern: 'wp/1/{site}/{gateway}/policy',
    retained: true,
    publish: ['alerting'],
    subscribe: ['gateway', 'demo'],
    what: 'Signed, versioned policy: the older form, for gateways that know no site part',
  },
  notice: {
    pattern: 'wp/1/{site}/{gateway}/notice',
    retained: false,
    publish: ['alerting'],
    subscribe: ['integrator', 'demo'],
    what: 'Notices to receivers by MQTT; `{gateway}` is `alerting`',
  },
  alert: {
    pattern: 'wp/1/{site}/alerts/{alert}',
    retained: true,
    publish: ['alerting'],
    subscribe: ['alerting', 'integrator', 'officer', 'demo'],
    what: 'An alert until it closes; empty payload when it closes',
  },
} as const satisfies Record<
  string,
  {
    pattern: string;
    retained: boolean;
    publish: readonly PrincipalKind[];
    subscribe: readonly PrincipalKind[];
    what: string;
  }
>;

export type TopicName = keyof typeof topicTable;

/**
 * `alerts` is a level of its own, and `alerting` the name of what alerting itself says: no gateway may be
 * called that.
 */
export const reservedGatewayIds: readonly string[] = ['alerts', 'alerting'];

export interface ParsedTopic {
  readonly name: TopicName;
  readonly site: string;
  /** Absent for alerts. */
  readonly gateway?: string;
  /** Only for alerts. */
  readonly alert?: string;
}

type GatewayTopic = Exclude<TopicName, 'alert'>;

export function gatewayTopic(name: GatewayTopic, site: string, gateway: string): string {
  return `wp/1/${site}/${gateway}/${name}`;
}

/** Where alerting tells the receivers of a site that are told by MQTT. */
export const noticeTopic = (site: string): string => gatewayTopic('notice', site, 'alerting');

export function alertTopic(site: string, alert: string): string {
  return `wp/1/${site}/alerts/${alert}`;
}

const brokerFlood = '$SYS/broker/flooding/';

/**
 * Where our broker says, for alerting alone, that a gateway sends more telemetry than it may: retained while
 * it goes on, JSON with `since` and `dropped`; empty when it is over.
 */
export const brokerFloodTopic = (site: string, gateway: string): string => `${brokerFlood}${site}/${gateway}`;

/** The gateway of a {@link brokerFloodTopic}; nothing for every other topic. */
export function floodingGateway(
  topic: string,
): { readonly site: string; readonly gateway: string } | undefined {
  if (!topic.startsWith(brokerFlood)) return undefined;
  const [site = '', gateway = ''] = topic.slice(brokerFlood.length).split('/');
  return { site, gateway };
}

/** The topic’s place in the table, or `undefined` when it is not one of ours. Takes topics, not filters. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const levels = topic.split('/');
  const [root, version, site, third, fourth] = levels;
  if (levels.length !== 5 || root !== 'wp' || version !== '1' || !site || !third || !fourth) return undefined;
  if (![site, third, fourth].every((level) => topicLevelPattern.test(level))) return undefined;
  if (third === 'alerts') return { name: 'alert', site, alert: fourth };
  if (fourth === 'alert' || !Object.hasOwn(topicTable, fourth)) return undefined;
  return { name: fourth as GatewayTopic, site, gateway: third };
}

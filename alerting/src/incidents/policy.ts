import type { AlertEventType, IncidentConcern } from '@watchpost/contracts/alert';

/** Which alerts of a concern are one happening. */
export interface ConcernRule {
  /** `never`: each alert is an incident of its own, as two candidates are two people. */
  readonly groups: 'by_place' | 'never';
}

/** How each concern makes incidents. */
export const concernRules: Readonly<Record<IncidentConcern, ConcernRule>> = {
  fire: { groups: 'by_place' },
  intrusion: { groups: 'by_place' },
  help: { groups: 'by_place' },
  access: { groups: 'by_place' },
  utility: { groups: 'by_place' },
  candidate: { groups: 'never' },
  // What follows from a cause is hidden behind it; what does not is another fault.
  technical: { groups: 'never' },
  other: { groups: 'never' },
};

/**
 * The concern of an alert by its kind (`type/kind`), or by its type where no row names the kind. A test asks
 * for a row of every type that can alert.
 */
export const concernOfKind: Readonly<Record<string, IncidentConcern>> = {
  'watchpost.sensor.alarm.v1/smoke': 'fire',
  'watchpost.sensor.alarm.v1/gas': 'fire',
  'watchpost.sensor.alarm.v1/temperature': 'utility',
  'watchpost.sensor.alarm.v1/water': 'utility',
  'watchpost.sensor.alarm.v1/door': 'intrusion',
  'watchpost.sensor.alarm.v1/motion': 'intrusion',
  'watchpost.sensor.alarm.v1/glass_break': 'intrusion',
  'watchpost.report.received.v1/fire': 'fire',
  'watchpost.report.received.v1/medical': 'help',
  'watchpost.report.received.v1/violence': 'help',
  'watchpost.report.received.v1/intrusion': 'intrusion',
  'watchpost.report.received.v1/theft': 'intrusion',
  'watchpost.report.received.v1/vandalism': 'intrusion',
  'watchpost.face.candidate.v1/access': 'access',
  ...({
    'watchpost.sensor.alarm.v1': 'other',
    'watchpost.sensor.anomaly.v1': 'utility',
    'watchpost.report.received.v1': 'other',
    'watchpost.panic.pressed.v1': 'help',
    'watchpost.face.candidate.v1': 'candidate',
    'watchpost.pass.rejected.v1': 'access',
    'watchpost.zone.entered.v1': 'intrusion',
    'watchpost.zone.loitering.v1': 'intrusion',
    'watchpost.line.crossed.v1': 'intrusion',
    'watchpost.tamper.cover.v1': 'intrusion',
    'watchpost.tamper.video_loss.v1': 'technical',
    'watchpost.broker.lost.v1': 'technical',
    'watchpost.gateway.lost.v1': 'technical',
    'watchpost.gateway.fault.v1': 'technical',
    'watchpost.device.lost.v1': 'technical',
    'watchpost.settings.broken.v1': 'technical',
    'watchpost.warning.received.v1': 'other',
  } satisfies Partial<Record<AlertEventType, IncidentConcern>>),
};

/** What a site says of its incidents. Milliseconds unless the name says otherwise. */
export interface IncidentPolicy {
  /** An alert joins an incident whose newest alert is not older than this … */
  readonly windowMs: number;
  /** … in its zone, or with a device so near on the same plan, metres. */
  readonly nearM: number;
  /** Alerts of one incident; the next one opens another. */
  readonly alertsAtMost: number;
  /**
   * The second notice about an incident goes so long after the first one at the earliest, each further one
   * after twice that; a first notice, a rise in severity and a return wait for nothing.
   */
  readonly updateAfterMs: number;
  /** More changes of the cause of one alert than `above` within `withinMs` are flapping. */
  readonly flapping: { readonly above: number; readonly withinMs: number };
}

/** How incidents are looked for and told. */
export const incidentPolicy = {
  /** Incidents that an alert may join, that are looked at: the newest ones. */
  lookedAt: 50,
  /** Alerts and moments that one answer about an incident has. */
  alertsShown: 200,
  momentsShown: 500,
  /** Updates of one incident are never further apart, milliseconds. */
  updatesApartAtMostMs: 15 * 60_000,
} as const;

import type { AlertEventType, IncidentConcern } from '@watchpost/contracts/alert';

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
  } satisfies Partial<Record<AlertEventType, IncidentConcern>>),
};

const minuteMs = 60_000;

/** How incidents are made and told. */
export const incidentPolicy = {
  /**
   * The second notice about an incident goes so long after the first one at the earliest, and each further
   * one after twice that; a first notice, a rise in severity and a return wait for nothing.
   */
  updateAfterMs: { first: 30_000, largest: 15 * minuteMs },
} as const;

import { type AlertEventType, alertEventTypes } from '@watchpost/contracts/alert';
import type { AlertingPolicy } from '../policy.ts';

/**
 * How the cause of an alert ends: by an event that says so, by itself some time after its last event because
 * no event will say so, or at once because it never lasted.
 */
export type CauseEnd =
  | 'by_event'
  | 'at_once'
  | { readonly afterPolicy: keyof AlertingPolicy['clearsAfterMs'] };

/** One row for each kind of event that can alert. Where an event ends the cause, no time ever does. */
const causeEnds: Partial<Record<AlertEventType, CauseEnd>> = {
  'watchpost.sensor.alarm.v1': 'by_event',
  'watchpost.tamper.cover.v1': 'by_event',
  'watchpost.tamper.video_loss.v1': 'by_event',
  'watchpost.broker.lost.v1': 'by_event',
  'watchpost.gateway.lost.v1': 'by_event',
  'watchpost.gateway.fault.v1': 'by_event',
  'watchpost.device.lost.v1': 'by_event',
  'watchpost.settings.broken.v1': 'by_event',
  'watchpost.warning.received.v1': 'by_event',
  'watchpost.sensor.anomaly.v1': { afterPolicy: 'sensorAnomaly' },
  'watchpost.face.candidate.v1': { afterPolicy: 'faceCandidate' },
  'watchpost.zone.entered.v1': { afterPolicy: 'zoneEntered' },
  'watchpost.zone.loitering.v1': { afterPolicy: 'zoneLoitering' },
  'watchpost.line.crossed.v1': 'at_once',
  'watchpost.pass.rejected.v1': 'at_once',
  'watchpost.panic.pressed.v1': 'at_once',
  'watchpost.report.received.v1': 'at_once',
};

/** How the cause behind alerts of this type ends. */
export function causeEnd(type: AlertEventType): CauseEnd {
  return causeEnds[type] ?? 'at_once';
}

/** Types whose cause ends by time. */
export const timedTypes: readonly AlertEventType[] = alertEventTypes.filter(
  (type) => typeof causeEnd(type) !== 'string',
);

/** After how long without a further event the cause counts as over; undefined where time says nothing. */
export function clearsAfterMs(
  type: AlertEventType,
  policy: Pick<AlertingPolicy, 'clearsAfterMs'>,
): number | undefined {
  const end = causeEnd(type);
  return typeof end === 'string' ? undefined : policy.clearsAfterMs[end.afterPolicy];
}

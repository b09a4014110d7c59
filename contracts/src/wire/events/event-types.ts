import { addressScannedSchema, passAcceptedSchema, passRejectedSchema } from './code.ts';
import { faceAbstainSchema, faceCandidateSchema } from './face.ts';
import {
  lineCrossedSchema,
  panicPressedSchema,
  reportReceivedSchema,
  tamperClearedSchema,
  tamperSchema,
  zoneEnteredSchema,
  zoneLoiteringSchema,
} from './place.ts';
import { sensorAlarmSchema, sensorAnomalySchema, sensorClearedSchema } from './sensor.ts';

/**
 * Every event type and the schema of its `data`. A type’s meaning never changes: a new meaning is a new
 * `.vN`.
 */
export const eventDataSchemas = {
  'watchpost.face.candidate.v1': faceCandidateSchema,
  'watchpost.face.abstain.v1': faceAbstainSchema,
  'watchpost.pass.accepted.v1': passAcceptedSchema,
  'watchpost.pass.rejected.v1': passRejectedSchema,
  'watchpost.address.scanned.v1': addressScannedSchema,
  'watchpost.sensor.alarm.v1': sensorAlarmSchema,
  'watchpost.sensor.cleared.v1': sensorClearedSchema,
  'watchpost.sensor.anomaly.v1': sensorAnomalySchema,
  'watchpost.tamper.cover.v1': tamperSchema,
  'watchpost.tamper.video_loss.v1': tamperSchema,
  'watchpost.tamper.cleared.v1': tamperClearedSchema,
  'watchpost.zone.entered.v1': zoneEnteredSchema,
  'watchpost.zone.loitering.v1': zoneLoiteringSchema,
  'watchpost.line.crossed.v1': lineCrossedSchema,
  'watchpost.panic.pressed.v1': panicPressedSchema,
  'watchpost.report.received.v1': reportReceivedSchema,
} as const;

export type EventType = keyof typeof eventDataSchemas;
export const eventTypes = Object.keys(eventDataSchemas) as readonly EventType[];

export function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(eventDataSchemas, type);
}

import { z } from 'zod';
import type { WatchpostEvent } from '../wire/events/event.ts';
import { sensorKinds } from '../wire/events/sensor.ts';

/**
 * What a device may say, in the words of a site description: the kind of event without what it says about it.
 */
export const reportNames = [
  'face',
  'pass',
  'address',
  'tamper',
  'zone',
  'line',
  'panic',
  'report',
  ...sensorKinds.map((kind) => `sensor.${kind}` as const),
] as const;
export const reportNameSchema = z.enum(reportNames);
export type ReportName = z.infer<typeof reportNameSchema>;

/** What each kind of device says; a device of the site may be given others (`reports`). */
export const deviceReports = {
  camera: ['face', 'pass', 'address', 'tamper', 'zone', 'line', 'sensor.motion'],
  code_reader: ['pass', 'address', 'tamper'],
  door_contact: ['sensor.door', 'tamper'],
  smoke: ['sensor.smoke', 'tamper'],
  temperature: ['sensor.temperature', 'tamper'],
} as const satisfies Record<string, readonly ReportName[]>;

/** What an event is, in these words. */
export function reportNameOf(event: WatchpostEvent): ReportName {
  switch (event.type) {
    case 'watchpost.face.candidate.v1':
    case 'watchpost.face.abstain.v1':
      return 'face';
    case 'watchpost.pass.accepted.v1':
    case 'watchpost.pass.rejected.v1':
      return 'pass';
    case 'watchpost.address.scanned.v1':
      return 'address';
    case 'watchpost.sensor.alarm.v1':
    case 'watchpost.sensor.cleared.v1':
    case 'watchpost.sensor.anomaly.v1':
      return `sensor.${event.data.kind}`;
    case 'watchpost.tamper.cover.v1':
    case 'watchpost.tamper.video_loss.v1':
    case 'watchpost.tamper.cleared.v1':
      return 'tamper';
    case 'watchpost.zone.entered.v1':
    case 'watchpost.zone.loitering.v1':
      return 'zone';
    case 'watchpost.line.crossed.v1':
      return 'line';
    case 'watchpost.panic.pressed.v1':
      return 'panic';
    case 'watchpost.report.received.v1':
      return 'report';
  }
}

import { hallAlarm, type SaidEvent } from '../../support/receipted-sender.ts';

/** Motion in the hall: recorded, and alerts nobody. */
export const motion = (index: number): SaidEvent => hallAlarm(`motion-${index}`, 'motion');

/** Smoke, or another danger, that a detector in the hall tells. */
export const detectorAlarm = (index: number, kind: string): SaidEvent => hallAlarm(`hall-${index}`, kind);

/** Danger to life in a zone that stands apart. */
export const apartAlarm = (index: number, danger: 'smoke' | 'panic'): SaidEvent => ({
  ...{ device: `apart-${index}`, zone: `apart-${index}` },
  ...(danger === 'smoke'
    ? { type: 'watchpost.sensor.alarm.v1', data: { kind: 'smoke' } }
    : { type: 'watchpost.panic.pressed.v1', data: { silent: false } }),
});

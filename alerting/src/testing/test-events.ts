import { randomUUID } from 'node:crypto';
import {
  type EventData,
  type EventType,
  parseEvent,
  sourceOf,
  type WatchpostEvent,
} from '@watchpost/contracts/wire';
import { testSite } from './test-site.ts';

/** What a test says about an event; the rest is filled in. */
export interface EventSketch<T extends EventType> {
  readonly type: T;
  readonly data: EventData<T>;
  readonly device?: string;
  readonly seq?: number;
  readonly epoch?: string;
  readonly time?: string;
  readonly id?: string;
}

const epochA = 'a'.repeat(32);

/** The event as it travels. */
export function wireEvent<T extends EventType>(sketch: EventSketch<T>): Record<string, unknown> {
  const { type, data, device = 'smoke1', seq = 1, epoch = epochA } = sketch;
  const entry = testSite.devices.find(({ id }) => id === device);
  return {
    specversion: '1.0',
    id: sketch.id ?? randomUUID(),
    source: sourceOf(testSite.id, device),
    type,
    time: sketch.time ?? new Date().toISOString(),
    subject: entry?.zone ?? 'gate',
    data,
    gateway: entry?.gateway ?? 'edge1',
    epoch,
    seq,
  };
}

/** The event as it is after parsing. */
export function testEvent<T extends EventType>(sketch: EventSketch<T>): WatchpostEvent {
  return parseEvent(wireEvent(sketch));
}

/** Smoke in the store room. */
export const smokeAlarm = (rest: Partial<EventSketch<'watchpost.sensor.alarm.v1'>> = {}) => ({
  type: 'watchpost.sensor.alarm.v1' as const,
  data: { kind: 'smoke' as const },
  ...rest,
});

/** The door of the store room. */
export const doorAlarm = (rest: Partial<EventSketch<'watchpost.sensor.alarm.v1'>> = {}) => ({
  type: 'watchpost.sensor.alarm.v1' as const,
  data: { kind: 'door' as const },
  device: 'door1',
  ...rest,
});

/** A pass with a wrong signature at the gate. */
export const forgedPass = (rest: Partial<EventSketch<'watchpost.pass.rejected.v1'>> = {}) => ({
  type: 'watchpost.pass.rejected.v1' as const,
  data: { reason: 'signature' as const, fingerprint: '0123456789abcdef' },
  device: 'cam1',
  ...rest,
});

/** A face at the gate that resembles an entry of a list. */
export const candidate = (
  list: 'watch' | 'access',
  rest: Partial<EventSketch<'watchpost.face.candidate.v1'>> = {},
) => ({
  type: 'watchpost.face.candidate.v1' as const,
  data: {
    list,
    entry: 'entry-1' as EventData<'watchpost.face.candidate.v1'>['entry'],
    cosine: 0.61,
    threshold: 0.41,
    falseMatchRate: 1e-4,
    confidence: 0.95,
    votes: { for: 5, frames: 6 },
    quality: 0.8,
    track: 't1',
    models: [{ name: 'fr', digest: '0123456789abcdef' }],
  },
  device: 'cam1',
  ...rest,
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { alertSchema } from './alert/index.ts';
import { WatchpostError } from './errors/index.ts';
import { sitePartSchema } from './site/index.ts';
import {
  announcementSchema,
  commandReplySchema,
  commandSchema,
  eventTypes,
  gatewayStateSchema,
  parseCanary,
  parseEvent,
  parseJson,
  parseWith,
  permitSchema,
  receiptSchema,
  signedAnnouncementSchema,
  signedPolicySchema,
  telemetryPackSchema,
} from './wire/index.ts';

const folder = fileURLToPath(new URL('../fixtures/v1', import.meta.url));
const read = (name: string): unknown => parseJson(readFileSync(join(folder, name)));
const others = {
  'telemetry.json': telemetryPackSchema,
  'state.json': gatewayStateSchema,
  'receipt.json': receiptSchema,
  'command.json': commandSchema,
  'command-reply.json': commandReplySchema,
  'signed-policy.json': signedPolicySchema,
  'alert.json': alertSchema,
  'alert-changed.json': alertSchema,
  'alert-late.json': alertSchema,
  'state-with-errors.json': gatewayStateSchema,
  'state-with-site-part.json': gatewayStateSchema,
  'signed-announcement.json': signedAnnouncementSchema,
  'announcement-site.json': announcementSchema,
  'announcement-permit.json': announcementSchema,
  'permit.json': permitSchema,
  'site-part.json': sitePartSchema,
  'site-part-with-masks.json': sitePartSchema,
  'event-with-clock.json': { parse: parseEvent },
  'event.watchpost.canary.v1.json': { parse: parseCanary },
};
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof WatchpostError) return `${error.code} ${error.path ?? ''}`.trim();
    throw error;
  }
  return 'accepted';
};

describe('golden messages of version 1', () => {
  it('there is one for every event type and every other message', () => {
    expect(readdirSync(folder).sort()).toEqual(
      [...eventTypes.map((type) => `event.${type}.json`), ...Object.keys(others)].sort(),
    );
  });
  it.each(eventTypes)('%s is read without change', (type) => {
    const event = read(`event.${type}.json`);
    expect(parseEvent(event)).toEqual(event);
  });
  it.each(Object.entries(others))('%s is read without change', (name, schema) => {
    const message = read(name);
    expect('safeParse' in schema ? parseWith(schema, message) : schema.parse(message)).toEqual(message);
  });
  it.each(eventTypes)(
    '%s refuses an unknown field in data and names it, and tolerates an unknown extension',
    (type) => {
      const event = read(`event.${type}.json`) as { data: object };
      expect(codeOf(() => parseEvent({ ...event, data: { ...event.data, personRisk: 3 } }))).toBe(
        'wire.schema /data/personRisk',
      );
      // Tolerated and left out: it could be anything, of any size and depth.
      expect(parseEvent({ ...event, tenant: 'x' })).toEqual(event);
    },
  );
});

describe('bad events', () => {
  const good = read('event.watchpost.sensor.alarm.v1.json') as Record<string, unknown>;
  it.each([
    ['unknown type', { type: 'watchpost.mood.seen.v1' }, 'wire.unknown_type /type'],
    ['inherited property as type', { type: 'constructor' }, 'wire.unknown_type /type'],
    ['no time zone', { time: '2026-11-01T08:15:30.250' }, 'wire.schema /time'],
    ['seq 0', { seq: 0 }, 'wire.schema /seq'],
    ['wildcard gateway', { gateway: '+' }, 'wire.schema /gateway'],
    ['offset that is no number', { clockoffset: 'soon' }, 'wire.schema /clockoffset'],
    ['offset in fractions', { clockoffset: 0.5 }, 'wire.schema /clockoffset'],
    ['unknown source of the offset', { clocksource: 'sundial' }, 'wire.schema /clocksource'],
    ['unknown sensor kind', { data: { kind: 'telepathy' } }, 'wire.schema /data/kind'],
  ])('%s', (_name, change, code) => {
    expect(codeOf(() => parseEvent({ ...good, ...change }))).toBe(code);
  });
  it('not JSON, not UTF-8, too large', () => {
    expect(codeOf(() => parseJson(Buffer.from('{')))).toBe('wire.not_json');
    expect(codeOf(() => parseJson(Buffer.from([0x22, 0xff, 0x22])))).toBe('wire.not_json');
    expect(codeOf(() => parseJson(Buffer.alloc(65_537, 0x20)))).toBe('wire.too_large');
  });
});

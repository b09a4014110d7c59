import { expect, test } from 'vitest';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { doorAlarm, forgedPass, smokeAlarm, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { readEvents } from './read-events.ts';

const directory = siteDirectory(testSite);

/** What becomes of an event on the topic of its gateway: `taken`, or code and path. */
function fate(event: Record<string, unknown>): string {
  const topic = 'wp/1/test/edge1/up';
  const parsed = { name: 'up', site: 'test', gateway: 'edge1' } as const;
  const payload = Buffer.from(JSON.stringify(event));
  const batch = readEvents(
    { topic, parsed, payload, receivedMs: Date.now() },
    directory,
    () => 'id',
    defaultPolicy.late,
  );
  const [refused] = batch.rejects;
  // Refused for good: its position counts as handled, or the gateway would send it for ever.
  if (refused) expect(refused.position).toMatchObject({ seq: 1 });
  return refused ? `${refused.reject.code} ${refused.reject.path}` : 'taken';
}

const crossed = (line: string) =>
  wireEvent({ type: 'watchpost.line.crossed.v1', data: { line, direction: 'in' }, device: 'cam1' });
const smokeOf = (device: string) => wireEvent(smokeAlarm({ device }));

test('names come from the site: zones and lines that it does not have are refused by codes of their own', () => {
  expect(fate(crossed('kerb'))).toBe('taken');
  expect(fate(crossed('invented'))).toBe('wire.unknown_line /data/line');
  expect(fate({ ...wireEvent(smokeAlarm()), subject: 'invented' })).toBe('wire.unknown_zone /subject');
});

test('kinds come from the device: a code reader may not claim smoke, nor a smoke detector a panic', () => {
  expect(fate(wireEvent(forgedPass({ device: 'reader1' })))).toBe('taken');
  expect(fate(smokeOf('smoke1'))).toBe('taken');
  expect(fate(smokeOf('reader1'))).toBe('wire.report_not_of_device /data/kind');
  const panic = { type: 'watchpost.panic.pressed.v1', data: { silent: false }, device: 'smoke1' } as const;
  expect(fate(wireEvent(panic))).toBe('wire.report_not_of_device /type');
});

test('a device may be given more in the site description', () => {
  expect(fate(wireEvent({ ...doorAlarm(), data: { kind: 'glass_break' } }))).toBe('taken');
  expect(fate(smokeOf('door1'))).toBe('wire.report_not_of_device /data/kind');
});

test('nobody but alerting says that a gateway is lost', () => {
  const event = {
    ...wireEvent(smokeAlarm()),
    type: 'watchpost.gateway.lost.v1',
    data: { since: '2026-11-01T08:00:00.000Z', reason: 'silent', devices: 1 },
  };
  expect(fate(event)).toBe('wire.reserved_type /type');
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const golden = JSON.parse(
  readFileSync(
    fileURLToPath(
      new URL('../../contracts/fixtures/v1/event.watchpost.sensor.alarm.v1.json', import.meta.url),
    ),
    'utf8',
  ),
);
const now = (): string => new Date().toISOString();
const event = (change: object) =>
  JSON.stringify({
    ...golden,
    source: '/sites/demo/devices/server-smoke',
    gateway: 'gw-test',
    epoch: 'ab'.repeat(16),
    time: now(),
    ...change,
  });

/** What a broken or hostile gateway might send, with the code that each must be counted under. */
export const badMessages: readonly {
  readonly what: string;
  /** Under whose topic it is sent; `gw-test` unless told. */
  readonly gateway?: string;
  readonly payload: () => string | Buffer;
  readonly code: string;
}[] = [
  { what: 'not JSON', payload: () => 'hello', code: 'wire.not_json' },
  { what: 'not UTF-8', payload: () => Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), code: 'wire.not_json' },
  {
    what: 'an unknown event type',
    payload: () => event({ type: 'watchpost.mood.seen.v1', seq: 1 }),
    code: 'wire.unknown_type',
  },
  { what: 'a missing field', payload: () => event({ subject: undefined, seq: 2 }), code: 'wire.schema' },
  {
    what: 'a surplus field in data',
    payload: () => event({ data: { kind: 'smoke', personRisk: 99 }, seq: 3 }),
    code: 'wire.schema',
  },
  {
    what: 'a clock in 1970',
    gateway: 'gw-1',
    payload: () => event({ gateway: 'gw-1', time: '1970-01-01T00:00:10.000Z', seq: 4 }),
    code: 'wire.time_implausible',
  },
  { what: 'a device of another gateway', payload: () => event({ seq: 6 }), code: 'wire.unknown_device' },
  {
    what: 'another gateway’s event',
    payload: () => event({ gateway: 'gw-1', seq: 5 }),
    code: 'wire.source_mismatch',
  },
];

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Epoch, gatewayIdSchema, parseEvent, zoneIdSchema } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReserveSpace } from '../storage/reserve-space.ts';
import { rightClock } from '../testing/right-clock.ts';
import type { EventDraft } from './event-draft.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { copyBefore } from './outbox-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const draft = (kind: 'door' | 'smoke', value = 0): EventDraft => ({
  type: 'watchpost.sensor.alarm.v1',
  device: 'd1',
  zone: zoneIdSchema.parse('hall'),
  capturedAtMs: Date.UTC(2026, 10, 1),
  data: { kind, value },
});

const corruptFiles: string[] = [];
const open = (name = 'outbox.sqlite', maxBytes = 1 << 20, more: Partial<OutboxOptions> = {}) =>
  new Outbox({
    path: join(folder, name),
    site: 's1',
    gateway: gatewayIdSchema.parse('g1'),
    maxBytes,
    clock: rightClock(),
    ...more,
    now: () => Date.UTC(2026, 10, 1),
    onCorrupt: (file) => corruptFiles.push(file),
  });

test('what it stores is a complete event of the contract', () => {
  const outbox = open();
  outbox.append(draft('smoke', 3));
  const event = parseEvent(JSON.parse(outbox.read(0, 10)[0]!.json));
  expect(event).toMatchObject({
    seq: 1,
    epoch: outbox.epoch,
    source: '/sites/s1/devices/d1',
    subject: 'hall',
  });
  expect(event.data).toEqual({ kind: 'smoke', value: 3 });
  outbox.close();
});

/**
 * The model: an ideal store that keeps what it was sent and confirms its contiguous watermark. Whatever the
 * order of appends, sends, receipts (also old and repeated ones) and crashes, every appended event is in the
 * store or still in the outbox, under one number.
 */
test('any interleaving of append, send, receipt and crash loses nothing and numbers nothing twice', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), urgent: fc.boolean() }),
    fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 5 }), skip: fc.nat(3) }),
    fc.record({ do: fc.constant('receipt' as const), behind: fc.nat(3) }),
    fc.record({ do: fc.constant('crash' as const) }),
  );
  let run = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const name = `run-${run++}.sqlite`;
      let outbox = open(name);
      const appended: number[] = [];
      const stored = new Map<number, number>();
      const watermark = () => {
        let seq = 0;
        while (stored.has(seq + 1)) seq++;
        return seq;
      };
      for (const s of steps) {
        if (s.do === 'append') {
          const value = appended.length + 1;
          expect(outbox.append(draft(s.urgent ? 'smoke' : 'door', value)).seq).toBe(value);
          appended.push(value);
        } else if (s.do === 'send') {
          for (const { seq, json } of outbox.read(outbox.watermark + s.skip, s.count)) {
            const { data } = JSON.parse(json) as { data: { value: number } };
            expect(stored.get(seq) ?? data.value).toBe(data.value);
            stored.set(seq, data.value);
          }
        } else if (s.do === 'receipt') {
          outbox.confirm({ epoch: outbox.epoch as Epoch, seq: Math.max(0, watermark() - s.behind) });
        } else {
          outbox.close();
          outbox = open(name);
        }
        const waiting = outbox.read(0, 1000).map(({ seq }) => seq);
        expect(waiting.length).toBe(outbox.depth);
        const known = new Set([...stored.keys(), ...waiting]);
        expect(known.size).toBe(appended.length);
      }
      outbox.close();
    }),
    { numRuns: 40 },
  );
});

test('the epoch and the numbering survive a restart, also when everything was confirmed', () => {
  let outbox = open();
  const { epoch } = outbox;
  outbox.append(draft('door'));
  outbox.confirm({ epoch: epoch as Epoch, seq: 1 });
  outbox.close();
  outbox = open();
  expect(outbox.epoch).toBe(epoch);
  expect(outbox.append(draft('door')).seq).toBe(2);
  outbox.close();
});

test('a receipt of another epoch drops nothing', () => {
  const outbox = open();
  outbox.append(draft('door'));
  expect(outbox.confirm({ epoch: 'f'.repeat(32) as Epoch, seq: 1 })).toBe('other_epoch');
  expect(outbox.depth).toBe(1);
  outbox.close();
});

test('a receipt from the future of this file starts a new epoch and keeps the waiting events', () => {
  const outbox = open();
  const { epoch } = outbox;
  outbox.append(draft('door', 7));
  outbox.append(draft('smoke', 8));
  expect(outbox.confirm({ epoch: epoch as Epoch, seq: 50 })).toBe('rolled_back');
  expect(outbox.epoch).not.toBe(epoch);
  expect(outbox.read(0, 10).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(outbox.append(draft('door')).seq).toBe(3);
  outbox.close();
});

test('when full it refuses new events, counts them, keeps the old ones and still takes urgent ones', () => {
  const outbox = open('full.sqlite', 10_000);
  let taken = 0;
  expect(() => {
    for (;;) {
      outbox.append(draft('door', taken));
      taken++;
    }
  }).toThrow(expect.objectContaining({ code: 'edge.outbox_full' }));
  expect(outbox.depth).toBe(taken);
  expect(outbox.refused).toBe(1);
  expect(outbox.append(draft('smoke')).seq).toBe(taken + 1);
  outbox.confirm({ epoch: outbox.epoch as Epoch, seq: taken + 1 });
  expect(outbox.append(draft('door')).seq).toBe(taken + 2);
  outbox.close();
});

test('a file that is not a database is set aside and a new epoch begins', () => {
  corruptFiles.length = 0;
  const first = open();
  const { epoch } = first;
  first.close();
  writeFileSync(join(folder, 'outbox.sqlite'), 'not a database '.repeat(1000));
  const outbox = open();
  expect(outbox.epoch).not.toBe(epoch);
  expect(outbox.append(draft('door')).seq).toBe(1);
  outbox.close();
  expect(corruptFiles).toHaveLength(1);
  expect(readdirSync(folder).some((file) => file.includes('.corrupt-'))).toBe(true);
});

test('a second process cannot open the same outbox', () => {
  const outbox = open();
  expect(() => open()).toThrow(expect.objectContaining({ code: 'config.data_folder' }));
  outbox.close();
});

test('a disk that is full takes no event and says so; confirmed events go, and then there is room again', () => {
  const reserve = new ReserveSpace(join(folder, 'reserve'), 8192);
  const outbox = open('small.sqlite', 1 << 20, { maxPages: 12, reserve });
  expect(reserve.make()).toBe(true);
  let taken = 0;
  expect(() => {
    for (;;) {
      outbox.append(draft('smoke', taken));
      taken++;
    }
  }).toThrow(expect.objectContaining({ code: 'edge.disk_full' }));
  expect(outbox).toMatchObject({ trouble: 'edge.disk_full', depth: taken, refused: 0 });
  outbox.confirm({ epoch: outbox.epoch as Epoch, seq: taken });
  expect(outbox.read(0, 10)).toEqual([]);
  outbox.retry();
  expect(outbox.trouble).toBeNull();
  expect(outbox.append(draft('door')).seq).toBe(taken + 1);
  outbox.close();
});

test('an event of an older version of the file is sent without an offset', () => {
  const path = join(folder, 'old.sqlite');
  const old = new DatabaseSync(path);
  old.exec(`CREATE TABLE life (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, last_seq INTEGER NOT NULL,
      watermark INTEGER NOT NULL, refused INTEGER NOT NULL) STRICT;
    CREATE TABLE event (seq INTEGER PRIMARY KEY, urgent INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    INSERT INTO life VALUES (1, '${'a'.repeat(32)}', 1, 0, 0); INSERT INTO event VALUES (1, 1, '{"id":"x"}')`);
  old.close();
  const outbox = open('old.sqlite');
  expect(JSON.parse(outbox.read(0, 1)[0]!.json)).toEqual({
    epoch: 'a'.repeat(32),
    seq: 1,
    clocksource: 'none',
    id: 'x',
  });
  outbox.stampWaiting();
  expect(outbox.append(draft('door')).seq).toBe(2);
  outbox.close();
  // As it was, for who goes back to that version; made once.
  const before = () => {
    const database = new DatabaseSync(copyBefore(path), { readOnly: true });
    const found = database.prepare('SELECT body FROM event').all();
    const { user_version: form } = database.prepare('PRAGMA user_version').get() ?? {};
    database.close();
    return { found, form };
  };
  expect(statSync(copyBefore(path)).mode & 0o777).toBe(0o600);
  expect(before()).toEqual({ found: [{ body: '{"id":"x"}' }], form: 0 });
  open('old.sqlite').close();
  expect(before().found).toHaveLength(1);
});

test('what is new has no copy of before', () => {
  open('new.sqlite').close();
  open('new.sqlite').close();
  expect(existsSync(copyBefore(join(folder, 'new.sqlite')))).toBe(false);
});

test('a file of a newer version is refused with its own code, and nothing in it is touched', () => {
  corruptFiles.length = 0;
  const first = open();
  first.append(draft('door'));
  first.close();
  const path = join(folder, 'outbox.sqlite');
  const change = (sql: string) => {
    const database = new DatabaseSync(path);
    const answer = database.prepare(sql).get();
    database.close();
    return answer;
  };
  expect(change('PRAGMA user_version')).toEqual({ user_version: 1 });
  change('PRAGMA user_version = 2');
  change('DROP INDEX urgent_event');
  expect(() => open()).toThrow(expect.objectContaining({ code: 'edge.outbox_newer' }));
  expect(change(`SELECT count(*) AS n FROM sqlite_master WHERE name = 'urgent_event'`)).toEqual({ n: 0 });
  expect(change('PRAGMA user_version')).toEqual({ user_version: 2 });
  expect(corruptFiles).toEqual([]);
});

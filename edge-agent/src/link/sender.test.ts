import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredEvent } from '../outbox/outbox.ts';
import { type EventQueue, Sender } from './sender.ts';

/** An outbox in memory with the same reading rules. */
class Queue implements EventQueue {
  readonly epoch = 'e';
  readonly events: StoredEvent[] = [];
  watermark = 0;
  get lastSeq() {
    return this.events.length;
  }
  add(urgent = false, size = 0) {
    const seq = this.events.length + 1;
    this.events.push({ seq, urgent, json: JSON.stringify({ seq, pad: 'x'.repeat(size) }) });
  }
  read(after: number, limit: number, only: 'all' | 'urgent' = 'all') {
    const from = Math.max(after, this.watermark);
    return this.events.filter((e) => e.seq > from && (only === 'all' || e.urgent)).slice(0, limit);
  }
}

const seqsOf = (payload: string): number[] =>
  [JSON.parse(payload)].flat().map((event: { seq: number }) => event.seq);

test('an event written while idle is published at once', () => {
  const queue = new Queue();
  const sent: number[][] = [];
  const sender = new Sender(queue, () => 0);
  sender.connected((payload) => sent.push(seqsOf(payload)));
  queue.add();
  sender.wake();
  expect(sent).toEqual([[1]]);
});

test('urgent events overtake the backlog and are not sent twice', () => {
  const queue = new Queue();
  for (let i = 1; i <= 500; i++) queue.add(i === 450);
  const sent: number[][] = [];
  const sender = new Sender(queue, () => 0);
  sender.connected((payload) => sent.push(seqsOf(payload)));
  expect(sent[0]).toEqual([450]);
  expect(sent.flat()).toHaveLength(500);
  expect(new Set(sent.flat()).size).toBe(500);
});

test('messages keep to 200 events and 64 KiB', () => {
  const queue = new Queue();
  for (let i = 0; i < 300; i++) queue.add(false, i < 250 ? 0 : 3000);
  const payloads: string[] = [];
  const sender = new Sender(queue, () => 0, { messages: 100 });
  sender.connected((payload) => payloads.push(payload));
  expect(payloads.flatMap(seqsOf)).toHaveLength(300);
  for (const payload of payloads) {
    expect(seqsOf(payload).length).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(64 * 1024);
  }
});

test('without a receipt everything is sent again, each time later', () => {
  const queue = new Queue();
  queue.add();
  let now = 0;
  const times: number[] = [];
  const sender = new Sender(queue, () => now, { timeoutMs: 100, maxTimeoutMs: 400 });
  sender.connected((_payload, done) => {
    times.push(now);
    done();
  });
  for (now = 1; now <= 1600; now++) sender.tick();
  expect(times).toEqual([0, 100, 300, 700, 1100, 1500]);
});

test('at most the window is sent before a receipt comes', () => {
  const queue = new Queue();
  for (let i = 0; i < 1000; i++) queue.add();
  const sent: number[] = [];
  const sender = new Sender(queue, () => 0, { events: 300, messages: 100 });
  sender.connected((payload) => sent.push(...seqsOf(payload)));
  expect(sent).toHaveLength(300);
  queue.watermark = 250;
  sender.receiptApplied();
  expect(sent).toHaveLength(550);
});

test('whatever the order of writing, losing, receipts and time, everything reaches the store in the end', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('write' as const),
      urgent: fc.boolean(),
      count: fc.integer({ min: 1, max: 60 }),
    }),
    fc.record({ do: fc.constant('ack' as const) }),
    fc.record({ do: fc.constant('receipt' as const) }),
    fc.record({ do: fc.constant('reconnect' as const) }),
    fc.record({ do: fc.constant('lose' as const) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new Queue();
      let now = 0;
      let losing = false;
      let acks: (() => void)[] = [];
      const stored = new Set<number>();
      const sender = new Sender(queue, () => now, {
        timeoutMs: 100,
        maxTimeoutMs: 400,
        events: 50,
        messages: 2,
      });
      const connect = () =>
        sender.connected((payload, done) => {
          if (!losing) for (const seq of seqsOf(payload)) stored.add(seq);
          acks.push(done);
        });
      const receipt = () => {
        while (stored.has(queue.watermark + 1)) queue.watermark++;
        sender.receiptApplied();
      };
      const ack = () => {
        const waiting = acks;
        acks = [];
        for (const done of waiting) done();
      };
      connect();
      for (const s of steps) {
        if (s.do === 'write') {
          for (let i = 0; i < s.count; i++) queue.add(s.urgent);
          sender.wake();
        } else if (s.do === 'ack') ack();
        else if (s.do === 'receipt') receipt();
        else if (s.do === 'lose') losing = true;
        else if (s.do === 'wait') {
          now += s.ms;
          sender.tick();
        } else {
          sender.disconnected();
          losing = false;
          connect();
        }
      }
      losing = false;
      for (let i = 0; i < 400 && queue.watermark < queue.lastSeq; i++) {
        now += 100;
        ack();
        receipt();
        sender.tick();
      }
      expect(queue.watermark).toBe(queue.lastSeq);
    }),
    { numRuns: 200 },
  );
});

test('an urgent event is on the line until the broker has it', () => {
  const queue = new Queue();
  const acknowledgements: (() => void)[] = [];
  const sender = new Sender(queue, () => 0);
  sender.connected((_payload, done) => acknowledgements.push(done));
  queue.add();
  sender.wake();
  expect(sender.isUrgent).toBe(false);
  queue.add(true);
  sender.wake();
  expect(sender.isUrgent).toBe(true);
  for (const acknowledge of acknowledgements) acknowledge();
  expect(sender.isUrgent).toBe(false);
  queue.add(true);
  sender.wake();
  sender.disconnected();
  expect(sender.isUrgent).toBe(false);
});

test('a receipt that still does not cover what was sent a while ago has it sent again, and a fresh one not', () => {
  const queue = new Queue();
  queue.add();
  let now = 0;
  const times: number[] = [];
  const sender = new Sender(queue, () => now, { timeoutMs: 100, maxTimeoutMs: 1_000 });
  sender.connected((_payload, done) => {
    times.push(now);
    done();
  });
  now = 50;
  sender.receiptApplied();
  expect(times).toEqual([0]);
  now = 150;
  sender.tick();
  now = 270; // the next timeout would be at 350
  sender.receiptApplied();
  expect(times).toEqual([0, 150, 270]);
  queue.watermark = 1;
  now = 900;
  sender.receiptApplied();
  expect(times).toEqual([0, 150, 270]);
});

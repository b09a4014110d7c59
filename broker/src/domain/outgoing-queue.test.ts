import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from './byte-budget.ts';
import { type OutgoingPacket, OutgoingQueue } from './outgoing-queue.ts';

let counter = 0;
const message = (text = 'x', more: Partial<OutgoingPacket> = {}): OutgoingPacket => ({
  cmd: 'publish',
  brokerId: 'b',
  brokerCounter: ++counter,
  qos: 1,
  topic: 't',
  payload: Buffer.from(text),
  ...more,
});
const queue = () => new OutgoingQueue(1000, 1_000_000, new ByteBudget(1e9));

/** Reads to the end as Aedes does: each message is sent before the next one is taken. */
async function read(under: OutgoingQueue): Promise<OutgoingPacket[]> {
  const found: OutgoingPacket[] = [];
  for await (const packet of under.unfinished()) {
    found.push({ ...packet });
    under.sent({ ...packet, messageId: packet.messageId ?? 1 });
  }
  return found;
}
const payloads = (packets: Iterable<OutgoingPacket>) => [...packets].map(({ payload }) => payload.toString());

describe('OutgoingQueue', () => {
  test('keeps order, and what was sent comes again with DUP and its id', async () => {
    const under = queue();
    const [first, second] = [message('1'), message('2')];
    under.add(first, 0);
    under.add(second, 0);
    const outgoing = { ...first, messageId: 7 };
    under.sent(outgoing);
    expect(
      (await read(under)).map(({ payload, dup, messageId }) => [payload.toString(), dup, messageId]),
    ).toEqual([
      ['1', true, 7],
      ['2', undefined, undefined],
    ]);
  });

  test('gives another id when the wanted one is in use', () => {
    const under = queue();
    const [first, second] = [message('1'), message('2')];
    under.add(first, 0);
    under.add(second, 0);
    const sent = [first, second].map((each) => ({ ...each, messageId: 65_535 }));
    for (const each of sent) under.sent(each);
    expect(sent.map(({ messageId }) => messageId)).toEqual([65_535, 1]);
  });

  test('PUBREL takes the place of its message until PUBCOMP', async () => {
    const under = queue();
    const first = message('1', { qos: 2 });
    under.add(first, 0);
    under.sent({ ...first, messageId: 7 });
    under.sent({ cmd: 'pubrel', messageId: 7, qos: 0, topic: '', payload: '' });
    expect(await read(under)).toEqual([expect.objectContaining({ cmd: 'pubrel', messageId: 7 })]);
    under.acknowledged(7);
    expect(under.size).toBe(0);
  });

  test('says which limit a message would exceed, and counts bytes exactly', () => {
    const under = new OutgoingQueue(2, 1000, new ByteBudget(1e9));
    expect(under.add(message('x'.repeat(700)), 0)).toBeUndefined();
    expect(under.add(message('x'.repeat(200)), 0)).toBe('offline_bytes');
    expect(under.add(message(''), 0)).toBe('offline_bytes');
    under.dropOlderThan(1);
    expect(under.bytes).toBe(0);
    expect([under.add(message(), 0), under.add(message(), 0), under.add(message(), 0)]).toEqual([
      undefined,
      undefined,
      'offline_messages',
    ]);
  });

  test('queues share a budget, and give back what they no longer hold', () => {
    const shared = new ByteBudget(1000);
    const [first, second] = [new OutgoingQueue(9, 1e6, shared), new OutgoingQueue(9, 1e6, shared)];
    const sent = message('x'.repeat(600));
    expect(first.add(sent, 0)).toBeUndefined();
    expect(second.add(message('x'.repeat(600)), 0)).toBe('offline_total_bytes');
    first.sent({ ...sent, messageId: 1 });
    first.acknowledged(1);
    expect(second.add(message('x'.repeat(600)), 0)).toBeUndefined();
    second.clear();
    expect([shared.used, second.bytes, second.size]).toEqual([0, 0, 0]);
  });

  test('drops what is too old, but not what the client may have', async () => {
    const under = queue();
    const [first, second, third] = [message('1'), message('2'), message('3')];
    under.add(first, 10);
    under.add(second, 20);
    under.add(third, 30);
    under.sent({ ...first, messageId: 7 });
    expect(under.dropOlderThan(30)).toBe(1);
    expect(payloads(await read(under))).toEqual(['1', '3']);
  });

  test('what comes in while it is read is read too, until all of it has been sent', async () => {
    const under = queue();
    const [first, second, third] = [message('1'), message('2'), message('3')];
    under.add(first, 0);
    const reading = under.unfinished();
    expect((await reading.next()).value?.payload.toString()).toBe('1');
    under.add(second, 0);
    expect((await reading.next()).value?.payload.toString()).toBe('2');
    under.sent({ ...first, messageId: 1 });
    const next = reading.next(); // 2 was given out and not sent: 3 must not overtake it
    await Promise.resolve();
    under.add(third, 0);
    under.sent({ ...second, messageId: 2 });
    expect((await next).value?.payload.toString()).toBe('3');
    under.sent({ ...third, messageId: 3 });
    expect((await reading.next()).done).toBe(true);
  });

  test('ids stay unique and an acknowledgement removes exactly its message, whatever happens', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const) }),
      fc.record({ do: fc.constant('send' as const), wanted: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('ack' as const), which: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const under = queue();
        const waiting: OutgoingPacket[] = [];
        const flying = new Map<number, OutgoingPacket>();
        for (const each of steps) {
          if (each.do === 'add') {
            const packet = message();
            waiting.push(packet);
            under.add(packet, 0);
          } else if (each.do === 'send') {
            const packet = waiting.shift();
            if (!packet) continue;
            const outgoing = { ...packet, messageId: each.wanted };
            under.sent(outgoing);
            expect(flying.has(outgoing.messageId)).toBe(false);
            flying.set(outgoing.messageId, outgoing);
          } else {
            const [id, packet] = [...flying][each.which % Math.max(1, flying.size)] ?? [];
            if (id === undefined) continue;
            expect(under.acknowledged(id)?.brokerCounter).toBe(packet?.brokerCounter);
            flying.delete(id);
          }
          expect(under.size).toBe(waiting.length + flying.size);
        }
      }),
    );
  });
});

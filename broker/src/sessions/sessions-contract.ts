import type { Readable } from 'node:stream';
import type { AedesPublishPacket, Client } from 'aedes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OutgoingPacket } from '../domain/outgoing-queue.ts';
import type { BrokerLimits } from '../policy.ts';
import type { Sessions } from './sessions.ts';

/** What Aedes asks of a persistence, as far as the contract goes. */
interface Persistence extends Sessions {
  addSubscriptions(client: Client, subscriptions: { topic: string; qos: number }[]): Promise<void>;
  removeSubscriptions(client: Client, filters: string[]): Promise<void>;
  outgoingUpdate(client: Client, packet: OutgoingPacket): Promise<void>;
  outgoingClearMessageId(client: Client, packet: OutgoingPacket): Promise<OutgoingPacket | undefined>;
  outgoingStream(client: Client): Readable;
  createRetainedStreamCombi(filters: string[]): Readable;
  incomingGetPacket(client: Client, packet: AedesPublishPacket): Promise<unknown>;
  incomingDelPacket(client: Client, packet: AedesPublishPacket): Promise<unknown>;
}

/** An adapter as the contract drives it. */
export interface SessionsUnderTest {
  readonly sessions: Persistence;
  /** What was not kept: limit and client. */
  readonly dropped: [limit: string, clientId: string | undefined][];
  /** A client connects; `present` is what Aedes is told of its subscriptions. */
  connect(clientId: string, clean?: boolean): Promise<{ client: Client; present: { topic: string }[] }>;
  disconnect(client: Client): Promise<void>;
  /**
   * Publishes as Aedes does, and waits until it has arrived everywhere; gives what live delivery is offered.
   */
  publish(topic: string, text: string, more?: { qos?: 0 | 1 | 2; retain?: boolean }): Promise<OutgoingPacket>;
  /** PUBLISH of QoS 2 from this client, as far as PUBREC. */
  receive(client: Client, messageId: number): Promise<void>;
  /** Lets time go by. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of {@link Sessions} and of the persistence that Aedes sees: every adapter keeps them. */
export function sessionsContract(start: (limits: Partial<BrokerLimits>) => Promise<SessionsUnderTest>): void {
  let under: SessionsUnderTest;
  const begin = async (limits: Partial<BrokerLimits> = {}) => {
    await under?.stop();
    under = await start(limits);
  };
  beforeEach(() => begin());
  afterEach(() => under.stop());

  const subscribed = async (clientId: string, ...filters: string[]) => {
    const { client } = await under.connect(clientId);
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 }));
    await under.sessions.addSubscriptions(client, subscriptions);
    return client;
  };
  const again = async (client: Client) => {
    await under.disconnect(client);
    return (await under.connect(client.id)).client;
  };
  /** Sends everything that waits, as Aedes does: with the packet id it would take, unless one is set. */
  const send = async (client: Client, wanted = 7) => {
    const sent: OutgoingPacket[] = [];
    for await (const packet of under.sessions.outgoingStream(client)) {
      const copy = { ...packet, messageId: packet.messageId ?? wanted };
      await under.sessions.outgoingUpdate(client, copy);
      sent.push(copy);
    }
    return sent;
  };

  const texts = async (client: Client) => (await send(client)).map(({ payload }) => String(payload));

  test('messages wait in their order until they are acknowledged', async () => {
    const client = await again(await subscribed('c', 't/#'));
    for (const text of ['1', '2', '3']) await under.publish('t/x', text);
    const sent = await send(client);
    expect(sent.map(({ payload }) => String(payload))).toEqual(['1', '2', '3']);
    await under.sessions.outgoingClearMessageId(client, sent[1] as OutgoingPacket);
    expect(await texts(await again(client))).toEqual(['1', '3']);
  });

  test('packet ids are unique, and a repetition keeps its own and carries DUP', async () => {
    let client = await subscribed('c', 't/#');
    for (const text of ['1', '2', '3']) await under.publish('t/x', text);
    const first = await send(client);
    expect(new Set(first.map(({ messageId }) => messageId)).size).toBe(3);
    expect(first.map(({ dup }) => dup === true)).toEqual([false, false, false]);
    client = await again(client);
    await under.publish('t/x', '4');
    const second = await send(client);
    expect(second.slice(0, 3).map(({ messageId }) => messageId)).toEqual(
      first.map(({ messageId }) => messageId),
    );
    expect(second.map(({ dup }) => dup === true)).toEqual([true, true, true, false]);
    expect(new Set(second.map(({ messageId }) => messageId)).size).toBe(4);
  });

  test('after PUBREC it is PUBREL that is repeated', async () => {
    const { client } = await under.connect('c');
    await under.sessions.addSubscriptions(client, [{ topic: 't', qos: 2 }]);
    await under.publish('t', 'x', { qos: 2 });
    const [sent] = await send(client);
    await under.sessions.outgoingUpdate(client, {
      cmd: 'pubrel',
      messageId: sent?.messageId,
    } as OutgoingPacket);
    const back = await again(client);
    const [repeated] = await send(back);
    expect(repeated).toMatchObject({ cmd: 'pubrel', messageId: sent?.messageId });
    await under.sessions.outgoingClearMessageId(back, repeated as OutgoingPacket);
    expect(await send(await again(back))).toEqual([]);
  });

  test('a message comes once, with the highest QoS of the matching subscriptions', async () => {
    const { client } = await under.connect('c');
    await under.sessions.addSubscriptions(client, [
      { topic: 't/#', qos: 1 },
      { topic: 't/+', qos: 2 },
      { topic: '+/x', qos: 0 },
    ]);
    await under.publish('t/x', 'once', { qos: 2 });
    const sent = await send(client);
    expect(sent.map(({ qos }) => qos)).toEqual([2]);
  });

  test('nothing is kept for QoS 0, for other topics, and after the end of the subscription', async () => {
    const client = await subscribed('c', 't/#', 'u');
    await under.publish('t/x', 'qos 0', { qos: 0 });
    await under.publish('v', 'other');
    await under.sessions.removeSubscriptions(client, ['t/#']);
    await under.publish('t/x', 'late');
    await under.publish('u', 'still');
    expect(await texts(client)).toEqual(['still']);
  });

  test('a queue holds so many messages', async () => {
    await begin({ offlineMessages: 2 });
    const client = await subscribed('c', 't');
    for (const text of ['1', '2', '3']) await under.publish('t', text);
    expect(await texts(await again(client))).toEqual(['1', '2']);
    expect(under.dropped).toEqual([['offline_messages', 'c']]);
  });

  test('of telemetry it holds a share, smaller while the client is connected; none of the rest is delivered live', async () => {
    await begin({ telemetryInFlight: 2, offlineTelemetry: 3 });
    const topic = 'wp/1/s/g/telemetry';
    const client = await subscribed('c', topic, 't');
    for (const text of ['1', '2']) await under.publish(topic, text);
    const refused = await under.publish(topic, '3');
    expect(under.sessions.holdsBack('c', refused)).toBe(true);
    await under.publish('t', 'event');
    expect(under.dropped).toEqual([['telemetry_queue', 'c']]);
    await under.disconnect(client);
    for (const text of ['4', '5']) await under.publish(topic, text);
    expect(under.dropped).toHaveLength(2);
    const back = (await under.connect('c')).client;
    const sent = await send(back);
    expect(sent.map(({ payload }) => String(payload))).toEqual(['event', '1', '2', '4']);
    for (const packet of sent) await under.sessions.outgoingClearMessageId(back, packet);
    for (const text of ['6', '7', '8']) await under.publish(topic, text);
    expect(under.dropped).toHaveLength(3);
  });

  test('and so many bytes, which come back when messages are acknowledged', async () => {
    await begin({ offlineBytes: 1024 });
    const client = await subscribed('c', 't');
    for (const text of ['1', '2']) await under.publish('t', text.repeat(400));
    expect(under.dropped).toEqual([['offline_bytes', 'c']]);
    const [sent] = await send(client);
    await under.sessions.outgoingClearMessageId(client, sent as OutgoingPacket);
    await under.publish('t', '3'.repeat(400));
    expect(under.dropped).toHaveLength(1);
    expect((await texts(await again(client)))[0]?.[0]).toBe('3');
  });

  test('all queues together hold so many bytes', async () => {
    await begin({ offlineTotalBytes: 1500 });
    await subscribed('a', 't');
    await subscribed('b', 't');
    await under.publish('t', 'x'.repeat(800));
    expect(under.dropped).toHaveLength(1);
    expect(under.dropped[0]?.[0]).toBe('offline_total_bytes');
  });

  test('what has waited for too long is not handed out', async () => {
    await begin({ offlineAgeMs: 300 });
    const client = await subscribed('c', 't');
    await under.publish('t', 'old');
    await under.pass(400);
    await under.publish('t', 'young');
    expect(await texts(await again(client))).toEqual(['young']);
    expect(under.dropped).toEqual([['offline_age', 'c']]);
  });

  test('a session without connection ends after its time, a connected one does not', async () => {
    await begin({ sessionExpiryMs: 300 });
    await subscribed('here', 't');
    const gone = await subscribed('gone', 't');
    await under.sessions.sweep((clientId) => clientId === 'here' || clientId === 'gone');
    await under.disconnect(gone);
    await under.pass(400);
    expect(await under.sessions.sweep((clientId) => clientId === 'here')).toEqual(['gone']);
    expect((await under.connect('gone')).present).toEqual([]);
  });

  test('a session is there again, also without subscriptions, until a clean one begins', async () => {
    const { client, present } = await under.connect('c');
    expect(present).toEqual([]);
    expect((await under.connect('c')).present).toHaveLength(1);
    await under.disconnect(client);
    await subscribed('c', 'a', 'b');
    expect((await under.connect('c')).present.map(({ topic }) => topic).toSorted()).toEqual(['a', 'b']);
    await under.publish('a', 'x');
    await under.connect('c', true);
    await under.publish('a', 'y');
    const back = await under.connect('c');
    expect(back.present).toEqual([]);
    expect(await texts(back.client)).toEqual([]);
  });

  test('the last retained message of each topic is there for every filter that matches', async () => {
    await under.publish('r/1', 'former', { retain: true });
    await under.publish('r/1', 'present', { retain: true, qos: 0 });
    await under.publish('r/2', 'gone', { retain: true });
    await under.publish('r/2', '', { retain: true });
    await under.publish('r/3', 'not retained');
    const found: OutgoingPacket[] = [];
    for await (const packet of under.sessions.createRetainedStreamCombi(['r/#', 'r/1'])) found.push(packet);
    expect(found.map(({ payload, qos }) => [String(payload), qos])).toEqual([
      ['present', 0],
      ['present', 0],
    ]);
  });

  test('retained messages have quotas, and one that does not fit removes the former', async () => {
    await begin({ retainedMessages: 1, retainedBytes: 10 });
    await under.publish('a', 'small', { retain: true });
    await under.publish('b', 'one too many', { retain: true });
    expect(under.sessions.retained.messages).toBe(1);
    await under.publish('a', 'more than ten bytes', { retain: true });
    expect(under.dropped).toEqual([
      ['retained_messages', undefined],
      ['retained_bytes', undefined],
    ]);
    expect(under.sessions.retained).toMatchObject({ messages: 0, bytes: 0 });
  });

  test('a retained message that went to a new subscription is repeated until it is acknowledged', async () => {
    const client = await subscribed('c', 'r');
    const packet: OutgoingPacket = { cmd: 'publish', topic: 'r', payload: Buffer.from('state'), qos: 1 };
    await texts(client); // its queue is read
    under.sessions.trackRetained('c', packet);
    expect(packet.messageId).toBeGreaterThan(0);
    const back = await again(client);
    expect(await send(back)).toMatchObject([{ messageId: packet.messageId, dup: true }]);
    await under.sessions.outgoingClearMessageId(back, packet);
    expect(await send(await again(back))).toEqual([]);
  });

  test('live delivery leaves to the queue what the queue will send or has sent', async () => {
    const client = await subscribed('c', 't');
    const one = await under.publish('t', '1');
    expect(under.sessions.holdsBack('c', one)).toBe(true);
    const reading = under.sessions.outgoingStream(client)[Symbol.asyncIterator]();
    const next = async () => {
      const { value } = await reading.next();
      await under.sessions.outgoingUpdate(client, { ...value, messageId: 1 });
      return String(value.payload);
    };
    expect(await next()).toBe('1');
    expect(under.sessions.holdsBack('c', one)).toBe(true);
    expect((await reading.next()).done).toBe(true);
    const two = await under.publish('t', '2');
    expect([under.sessions.holdsBack('c', one), under.sessions.holdsBack('c', two)]).toEqual([true, false]);
    const back = await again(client);
    const three = await under.publish('t', '3');
    expect([under.sessions.holdsBack('c', two), under.sessions.holdsBack('c', three)]).toEqual([true, true]);
    expect(await texts(back)).toEqual(['1', '2', '3']);
    const four = await under.publish('t', '4');
    expect([under.sessions.holdsBack('c', three), under.sessions.holdsBack('c', four)]).toEqual([
      true,
      false,
    ]);
  });

  test('packet ids of QoS 2 that came in are known until PUBREL, also after a new connection', async () => {
    const { client } = await under.connect('c');
    const known = (who: Client) =>
      under.sessions.incomingGetPacket(who, { messageId: 5 } as AedesPublishPacket).then(
        () => true,
        () => false,
      );
    expect(await known(client)).toBe(false);
    await under.receive(client, 5);
    const back = await again(client);
    expect(await known(back)).toBe(true);
    await under.sessions.incomingDelPacket(back, { messageId: 5 } as AedesPublishPacket);
    expect(await known(back)).toBe(false);
  });
}

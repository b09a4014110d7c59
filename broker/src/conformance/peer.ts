import type { Packet } from 'mqtt-packet';
import type { BrokerService } from '../broker-service.ts';
import { connectPacket, RawClient, until } from '../broker-testing.ts';

type Connect = Extract<Packet, { cmd: 'connect' }>;
type Publish = Extract<Packet, { cmd: 'publish' }>;
type Connack = Extract<Packet, { cmd: 'connack' }>;

/** A client for conformance tests: every packet is sent by hand, nothing is answered by itself. */
export class Peer {
  readonly raw: RawClient;
  readonly connack: Connack;

  private constructor(raw: RawClient, connack: Connack) {
    this.raw = raw;
    this.connack = connack;
  }

  static async connect(broker: BrokerService, clientId: string, more: Partial<Connect> = {}): Promise<Peer> {
    const raw = await RawClient.open(broker);
    raw.send(connectPacket(clientId, more));
    return new Peer(raw, await raw.next('connack'));
  }

  publish(topic: string, payload = 'x', more: Partial<Publish> = {}): void {
    this.raw.send(publishPacket(topic, payload, more));
  }

  /** Publishes with QoS 1 and waits for the acknowledgement. */
  async published(topic: string, payload = 'x', more: Partial<Publish> = {}): Promise<void> {
    this.publish(topic, payload, { qos: 1, messageId: 999, ...more });
    await this.raw.next('puback');
  }

  /** Subscribes and gives back the return codes. */
  async subscribe(...filters: (string | { topic: string; qos: 0 | 1 | 2 })[]): Promise<unknown> {
    this.raw.send({
      cmd: 'subscribe',
      messageId: 77,
      subscriptions: filters.map((each) => (typeof each === 'string' ? { topic: each, qos: 1 } : each)),
    });
    return (await this.raw.next('suback')).granted;
  }

  async unsubscribe(...filters: string[]): Promise<void> {
    this.raw.send({ cmd: 'unsubscribe', messageId: 78, unsubscriptions: filters });
    await this.raw.next('unsuback');
  }

  message(): Promise<Publish> {
    return this.raw.next('publish');
  }

  ack(publish: Publish): void {
    this.raw.send({ cmd: 'puback', messageId: publish.messageId ?? 0 });
  }

  /** Payloads of {@link messagesUntilNow}. */
  async heardUntilNow(): Promise<string[]> {
    return (await this.messagesUntilNow()).map((packet) => packet.payload.toString());
  }

  /** Messages received so far and up to a marker that this peer now sends to itself on a topic of its own. */
  async messagesUntilNow(): Promise<Publish[]> {
    const marker = `marker/${crypto.randomUUID()}`;
    await this.subscribe(marker);
    this.publish(marker, 'marker');
    const isMarker = (packet: Packet) => packet.cmd === 'publish' && packet.topic === marker;
    await until(() => this.raw.received.some(isMarker));
    const heard = this.raw.received.filter((packet): packet is Publish => packet.cmd === 'publish');
    this.raw.received.splice(
      0,
      this.raw.received.length,
      ...this.raw.received.filter(({ cmd }) => cmd !== 'publish'),
    );
    return heard.filter((packet) => !packet.topic.startsWith('marker/'));
  }

  /** Ends without DISCONNECT, as a lost network does. */
  async vanish(): Promise<void> {
    this.raw.socket.destroy();
    await this.raw.end();
  }

  async disconnect(): Promise<void> {
    this.raw.send({ cmd: 'disconnect' });
    await this.raw.end();
  }
}

export function publishPacket(topic: string, payload = 'x', more: Partial<Publish> = {}): Publish {
  return { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, ...more };
}

/** A string as MQTT writes it: its length in two bytes, then its bytes. */
export function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** A packet from its first byte and the parts of its body; for bodies under 16 KiB. */
export function bytes(first: number, ...parts: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

/** CONNECT from its flags and the fields after the keep-alive. */
export function connectBytes(flags: number, ...fields: Buffer[]): Buffer {
  return bytes(0x10, text('MQTT'), [4, flags, 0, 30], ...fields);
}

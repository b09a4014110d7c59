import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';

export interface LeanClientEvents {
  /** A message came; of QoS 1 it has been acknowledged already. */
  message?(payload: Buffer): void;
  /** One of ours was acknowledged. */
  acknowledged?(): void;
}

export interface Account {
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly localAddress?: string | undefined;
}

/**
 * As little MQTT as a load needs, so that the broker is measured and not the client: whole chunks are parsed
 * by hand, and their acknowledgements go out in one write. The secret is the user name.
 */
export class LeanClient {
  readonly socket: Socket;
  readonly #events: LeanClientEvents;
  #rest: Buffer = Buffer.alloc(0);
  #messageId = 0;
  #answer: (() => void) | undefined;

  private constructor(socket: Socket, events: LeanClientEvents) {
    this.socket = socket;
    this.#events = events;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => undefined);
  }

  /** Resolves after CONNACK. */
  static async connect(port: number, account: Account, events: LeanClientEvents = {}): Promise<LeanClient> {
    const { localAddress = '127.0.0.1' } = account;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    await once(socket, 'connect');
    return await LeanClient.over(socket, account, events);
  }

  static async over(socket: Socket, { clientId, username }: Account, events: LeanClientEvents = {}) {
    const client = new LeanClient(socket, events);
    const credentials = username === undefined ? {} : { username, password: Buffer.from(username) };
    const options = { protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 600 } as const;
    socket.write(mqttPacket.generate({ cmd: 'connect', ...options, clientId, ...credentials }));
    await client.#answered();
    return client;
  }

  /** Resolves after SUBACK. */
  async subscribe(filters: readonly string[], qos: 0 | 1): Promise<void> {
    const subscriptions = filters.map((topic) => ({ topic, qos }));
    this.socket.write(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    await this.#answered();
  }

  /** A PUBLISH of QoS 1 whose packet id {@link send} fills in. */
  static frame(topic: string, payload: Buffer): { bytes: Buffer; idAt: number } {
    const bytes = mqttPacket.generate({
      ...{ cmd: 'publish', qos: 1, messageId: 1, dup: false, retain: false },
      ...{ topic, payload },
    });
    return { bytes, idAt: bytes.length - payload.length - 2 };
  }

  /** Writes several copies of a frame at once. */
  send({ bytes, idAt }: { bytes: Buffer; idAt: number }, copies = 1): void {
    const all = Buffer.allocUnsafe(bytes.length * copies);
    for (let copy = 0; copy < copies; copy++) {
      this.#messageId = (this.#messageId % 65_535) + 1;
      bytes.copy(all, copy * bytes.length);
      all.writeUInt16BE(this.#messageId, copy * bytes.length + idAt);
    }
    this.socket.write(all);
  }

  #answered(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.socket.once('close', () => reject(new Error('the broker closed a connection of the load')));
    });
  }

  #receive(chunk: Buffer): void {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const acks: number[] = [];
    let at = 0;
    while (at + 2 <= data.length) {
      let [length, shift, next] = [0, 0, at + 1];
      let byte = 0x80;
      while (byte & 0x80 && next < data.length) {
        byte = data[next++] ?? 0;
        length |= (byte & 0x7f) << shift;
        shift += 7;
      }
      if (byte & 0x80 || next + length > data.length) break;
      this.#packet(data[at] ?? 0, data.subarray(next, next + length), acks);
      at = next + length;
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
    if (acks.length > 0) this.socket.write(Buffer.from(acks));
  }

  #packet(first: number, body: Buffer, acks: number[]): void {
    const type = first >> 4;
    if (type === 3) {
      const topicEnd = 2 + body.readUInt16BE(0);
      const qos = (first >> 1) & 3;
      if (qos > 0) acks.push(0x40, 2, body[topicEnd] ?? 0, body[topicEnd + 1] ?? 0);
      this.#events.message?.(body.subarray(qos > 0 ? topicEnd + 2 : topicEnd));
    } else if (type === 4) this.#events.acknowledged?.();
    else if (type === 2 || type === 9) this.#answer?.();
  }
}

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';

/** What the broker leaves out or does wrong. Changed at any time; the next packet meets the new habit. */
export interface BrokerHabits {
  /** CONNACK return codes for the next connections, one each; then it accepts. */
  refuse: number[];
  connack: boolean;
  suback: boolean;
  /** These filters are refused (SUBACK 128); `true`: every one. */
  refuseSubscriptions: boolean | readonly string[];
  /** PUBACK: always, never, or for so many more messages. */
  puback: boolean | number;
  pingresp: boolean;
}

export interface ReceivedPublication {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/**
 * A broker on loopback with bad habits, for tests of clients. It delivers nothing by itself; see
 * {@link deliver}.
 */
export class BrokerWithHabits {
  readonly habits: BrokerHabits = {
    refuse: [],
    connack: true,
    suback: true,
    refuseSubscriptions: false,
    puback: true,
    pingresp: true,
  };
  /** Client id of each CONNECT, in order. */
  readonly connects: string[] = [];
  readonly publications: ReceivedPublication[] = [];
  /** Wills of connections that ended without DISCONNECT. */
  readonly wills: ReceivedPublication[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#arrived(socket));
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** On any free port, or on this one. */
  start(port = 0): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Sends a message to every connection at QoS 1, whatever it subscribed to. */
  deliver(topic: string, payload: unknown, { retain = false, dup = false, qos = 1 as 0 | 1 } = {}): void {
    for (const socket of this.#sockets)
      send(socket, {
        cmd: 'publish',
        topic,
        payload: JSON.stringify(payload),
        qos,
        retain,
        dup,
        ...(qos ? { messageId: 7 } : {}),
      });
  }

  #arrived(socket: Socket): void {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    let will: ReceivedPublication | undefined;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (will) this.wills.push(will);
    });
    socket.on('data', (bytes) => parser.parse(bytes));
    parser.on('error', () => socket.destroy());
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect' && packet.will)
        will = {
          topic: packet.will.topic,
          payload: packet.will.payload.toString(),
          retain: packet.will.retain === true,
        };
      if (packet.cmd === 'disconnect') {
        will = undefined;
        socket.end();
      }
      this.#answer(socket, packet);
    });
  }

  #answer(socket: Socket, packet: Packet): void {
    const { habits } = this;
    if (packet.cmd === 'connect') {
      this.connects.push(packet.clientId);
      if (!habits.connack) return;
      const returnCode = habits.refuse.shift() ?? 0;
      send(socket, { cmd: 'connack', returnCode, sessionPresent: false });
      if (returnCode !== 0) socket.end();
    } else if (packet.cmd === 'subscribe' && habits.suback) {
      const { refuseSubscriptions: refused } = habits;
      const isRefused = (topic: string) => (typeof refused === 'boolean' ? refused : refused.includes(topic));
      const granted = packet.subscriptions.map(({ topic }) => (isRefused(topic) ? 128 : 1));
      send(socket, { cmd: 'suback', messageId: packet.messageId ?? 0, granted });
    } else if (packet.cmd === 'pingreq' && habits.pingresp) {
      send(socket, { cmd: 'pingresp' });
    } else if (packet.cmd === 'publish') {
      const { topic, payload, retain, qos, messageId = 0 } = packet;
      this.publications.push({ topic, payload: payload.toString(), retain });
      if (qos > 0 && this.#acknowledges()) send(socket, { cmd: 'puback', messageId });
    }
  }

  #acknowledges(): boolean {
    const { habits } = this;
    if (typeof habits.puback === 'boolean') return habits.puback;
    return habits.puback-- > 0;
  }
}

function send(socket: Socket, packet: Packet): void {
  if (!socket.destroyed) socket.write(mqttPacket.generate(packet));
}

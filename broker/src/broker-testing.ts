import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '@watchpost/contracts/wire';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import type { BrokerService } from './broker-service.ts';
import type { Identity } from './config.ts';

/** For tests: an identity whose secret is its user name. */
export function identity(principal: Principal): Identity {
  const secretSha256 = createHash('sha256').update(principal.name).digest('hex');
  return { username: principal.name, secretSha256, principal, clientIds: [] };
}

export const gateway1: Principal = { kind: 'gateway', name: 'gw1', site: 'demo', gateway: 'gw1' };
export const gateway2: Principal = { kind: 'gateway', name: 'gw2', site: 'demo', gateway: 'gw2' };
export const alerting: Principal = { kind: 'alerting', name: 'alerting', site: 'demo' };
export const integrator: Principal = { kind: 'integrator', name: 'flows', site: 'demo' };
export const everybody: Identity[] = [gateway1, gateway2, alerting, integrator].map(identity);

/** A connected mqtt.js client that does not reconnect. */
export function connectAs(
  broker: BrokerService,
  name: string | undefined,
  options: IClientOptions = {},
): Promise<MqttClient> {
  return mqtt.connectAsync({
    host: '127.0.0.1',
    port: broker.port,
    reconnectPeriod: 0,
    ...(name === undefined ? {} : { username: name, password: name }),
    ...options,
  });
}

/** A plain socket that speaks MQTT packet by packet, for what a well-behaved client would never send. */
export class RawClient {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on('packet', (packet: Packet) => this.received.push(packet));
    socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async open(broker: BrokerService): Promise<RawClient> {
    const socket = connectTcp(broker.port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Opens, sends CONNECT, and waits for the answer. */
  static async connected(broker: BrokerService, name: string, clientId = name): Promise<RawClient> {
    const client = await RawClient.open(broker);
    client.send(connectPacket(clientId, { username: name, password: Buffer.from(name) }));
    await client.next('connack');
    return client;
  }

  send(...packets: (Packet | Buffer)[]): void {
    for (const packet of packets)
      this.socket.write(Buffer.isBuffer(packet) ? packet : mqttPacket.generate(packet));
  }

  /** Takes the next packet of this kind out of what was received. */
  async next<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    await until(() => this.closed || this.received.some((packet) => packet.cmd === cmd));
    const index = this.received.findIndex((packet) => packet.cmd === cmd);
    if (index < 0) throw new Error(`closed before ${cmd}`);
    return this.received.splice(index, 1)[0] as Extract<Packet, { cmd: C }>;
  }

  async end(): Promise<void> {
    await until(() => this.closed);
  }
}

/** CONNECT with an empty client id and a session to keep, which no library would write. */
export const keptWithoutId: Buffer = Buffer.from('100c00044d5154540400001e0000', 'hex');

export function connectPacket(
  clientId: string,
  more: Partial<Extract<Packet, { cmd: 'connect' }>> = {},
): Packet {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    clientId,
    ...more,
  };
}

/** The next message of a client: topic and text. */
export function nextMessage(client: MqttClient): Promise<{ topic: string; text: string; retain: boolean }> {
  return new Promise((resolve) => {
    client.once('message', (topic, payload, packet) =>
      resolve({ topic, text: payload.toString(), retain: packet.retain }),
    );
  });
}

/** The connection of a client has ended. */
export const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => client.once('close', () => resolve()));

/** Waits until it is so; the test's own time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5);
}

/** One number out of the Prometheus text; 0 when there is no such line. */
export async function metric(broker: BrokerService, line: string): Promise<number> {
  const text = await broker.metrics();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found ? Number(found.slice(line.length + 1)) : 0;
}

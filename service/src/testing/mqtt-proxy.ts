import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';

/** One client’s way through the proxy. */
interface Passage {
  readonly clientId: string;
  readonly down: Socket;
  readonly up: Socket;
  /** What the client sends goes nowhere. */
  deafToClient: boolean;
  /** What the broker sends goes nowhere. */
  deafToBroker: boolean;
}

/**
 * A TCP proxy before a real broker that knows clients by the id of their CONNECT: refuses them with CONNACK
 * codes, cuts their connections, or lets their bytes go nowhere while the connections stay open. For tests.
 */
export class MqttProxy {
  readonly #server: Server;
  readonly #refusals: { readonly client: RegExp; readonly codes: number[] }[] = [];
  readonly #passages = new Set<Passage>();
  /** Client ids in the order in which they were let through. */
  readonly accepted: string[] = [];
  /** Client ids and codes of refused connections. */
  readonly refused: { readonly clientId: string; readonly code: number }[] = [];

  constructor(brokerPort: number) {
    this.#server = createServer((socket) => this.#arrived(socket, brokerPort));
  }

  /** Gives the port. */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { down, up } of this.#passages) for (const socket of [down, up]) socket.destroy();
    await closed;
  }

  /** Answers the next connections of a client with these codes, one each; then lets it through. */
  refuse(client: RegExp, codes: readonly number[]): void {
    this.#refusals.push({ client, codes: [...codes] });
  }

  /** Refuses it no longer. */
  admit(client: RegExp): void {
    for (const { client: refused, codes } of this.#refusals)
      if (refused.source === client.source) codes.length = 0;
  }

  cut(client: RegExp): void {
    for (const passage of this.#of(client)) passage.down.destroy();
  }

  /**
   * The open connections of a client become holes: nothing arrives, nothing closes. New ones are as before.
   */
  blackhole(client: RegExp, direction: 'both' | 'from client' = 'both'): void {
    for (const passage of this.#of(client)) {
      passage.deafToClient = true;
      passage.deafToBroker = direction === 'both';
    }
  }

  #of(client: RegExp): Passage[] {
    return [...this.#passages].filter(({ clientId }) => client.test(clientId));
  }

  #arrived(down: Socket, brokerPort: number): void {
    const first: Buffer[] = [];
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const read = (bytes: Buffer) => {
      first.push(bytes);
      parser.parse(bytes);
    };
    down.on('error', () => undefined);
    down.on('data', read);
    parser.on('error', () => down.destroy());
    parser.once('packet', (packet) => {
      down.off('data', read);
      if (packet.cmd !== 'connect') down.destroy();
      else this.#decide(packet.clientId, down, Buffer.concat(first), brokerPort);
    });
  }

  #decide(clientId: string, down: Socket, first: Buffer, brokerPort: number): void {
    const code = this.#refusals
      .find(({ client, codes }) => codes.length > 0 && client.test(clientId))
      ?.codes.shift();
    if (code === undefined) {
      this.#join(clientId, down, first, brokerPort);
      return;
    }
    this.refused.push({ clientId, code });
    down.end(mqttPacket.generate({ cmd: 'connack', returnCode: code, sessionPresent: false }));
  }

  #join(clientId: string, down: Socket, first: Buffer, brokerPort: number): void {
    const up = connect(brokerPort, '127.0.0.1');
    const passage: Passage = { clientId, down, up, deafToClient: false, deafToBroker: false };
    this.accepted.push(clientId);
    this.#passages.add(passage);
    up.write(first);
    down.on('data', (bytes) => passage.deafToClient || up.write(bytes));
    up.on('data', (bytes) => passage.deafToBroker || down.write(bytes));
    for (const [one, other] of [
      [down, up],
      [up, down],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#passages.delete(passage);
        other.destroy();
      });
    }
  }
}

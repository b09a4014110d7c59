import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ServerTCP } from 'modbus-serial';

/** A Modbus server (that of modbus-serial) with faults, on loopback. For tests only. */
export class ModbusSimulator {
  /** Coils and discrete inputs by address; one that is not here is false. */
  readonly bits = new Map<number, boolean>();
  /** Holding and input registers by address; one that is not here is 0. */
  readonly registers = new Map<number, number>();
  /** Units that never answer. */
  readonly silentUnits = new Set<number>();
  /** Answered instead of a value. */
  exception: number | null = null;
  /** Connections so far. */
  connections = 0;
  port = 0;
  #server: ServerTCP | null = null;

  /** On the same port as before. Does nothing while it runs. */
  async start(): Promise<void> {
    if (this.#server) return;
    if (this.port === 0) this.port = await freePort();
    const bit = (address: number, unit: number) => this.#answer(unit, this.bits.get(address) ?? false);
    const register = (address: number, unit: number) => this.#answer(unit, this.registers.get(address) ?? 0);
    const server = new ServerTCP(
      { getCoil: bit, getDiscreteInput: bit, getHoldingRegister: register, getInputRegister: register },
      { host: '127.0.0.1', port: this.port, unitID: 255 },
    );
    server.on('socketError', () => undefined);
    server.on('error', () => undefined);
    this.#server = server;
    await once(server, 'initialized');
    server._server.on('connection', () => this.connections++);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    for (const socket of server.socks.keys()) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #answer<T>(unit: number, value: T): Promise<T> {
    if (this.silentUnits.has(unit)) return new Promise(() => undefined);
    if (this.exception === null) return Promise.resolve(value);
    return Promise.reject(Object.assign(new Error('exception'), { modbusErrorCode: this.exception }));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import type { ErrorCode } from '@watchpost/contracts/errors';
import { backoffMs } from '@watchpost/service';
import { modbusPolicy } from '../policy.ts';
import { ModbusConnection, type ModbusResult } from './modbus-connection.ts';
import type { ModbusQuestion } from './modbus-value.ts';

/** Something that asks a Modbus server. */
export interface ModbusClient {
  /** The server can be asked. */
  up(): void;
  /** It cannot be reached, or its connection was given up because nothing was answered. */
  lost(error: Extract<ErrorCode, 'edge.modbus_unreachable' | 'edge.modbus_silent'>): void;
}

/** A client’s hold on a server. */
export interface ModbusUse {
  ask(question: ModbusQuestion): Promise<ModbusResult>;
  /** Settles when nothing of it is left open. */
  end(): Promise<void>;
}

/**
 * Modbus servers: one connection for each host and port, opened for its first client, closed after its last.
 */
export class ModbusServers {
  readonly #servers = new Map<string, ModbusServer>();

  use(host: string, port: number, client: ModbusClient): ModbusUse {
    const key = `${host} ${port}`;
    const server = this.#servers.get(key) ?? new ModbusServer(host, port);
    this.#servers.set(key, server);
    server.add(client);
    return {
      ask: (question) => server.ask(question),
      end: async () => {
        if (!server.remove(client)) return;
        if (this.#servers.get(key) === server) this.#servers.delete(key);
        await server.stop();
      },
    };
  }
}

/** Connects again after every loss, for ever, with growing pauses. */
class ModbusServer {
  readonly #host: string;
  readonly #port: number;
  readonly #clients = new Set<ModbusClient>();
  #connection: ModbusConnection | null = null;
  #isOpen = false;
  #silences = 0;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  add(client: ModbusClient): void {
    this.#clients.add(client);
    if (!this.#connection && this.#retry === undefined) this.#connect();
    else if (this.#isOpen) client.up();
  }

  /** @returns whether nobody asks any more, and somebody did */
  remove(client: ModbusClient): boolean {
    return this.#clients.delete(client) && this.#clients.size === 0;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#connection?.end();
  }

  async ask(question: ModbusQuestion): Promise<ModbusResult> {
    const connection = this.#connection;
    const result = (await connection?.ask(question)) ?? ({ failure: 'gone' } as const);
    if ('answer' in result || result.failure === 'exception') {
      this.#silences = 0;
      this.#attempt = 0;
    } else if (connection === this.#connection && ++this.#silences >= modbusPolicy.silences) {
      // A cable that was cut says nothing, and after garbage nobody knows where an answer begins.
      await connection?.end();
    }
    return result;
  }

  #connect(): void {
    this.#retry = undefined;
    this.#silences = 0;
    const connection: ModbusConnection = new ModbusConnection(
      this.#host,
      this.#port,
      () => {
        this.#isOpen = true;
        for (const client of this.#clients) client.up();
      },
      () => {
        this.#connection = null;
        this.#isOpen = false;
        if (this.#clients.size === 0) return;
        const { firstMs, maxMs } = modbusPolicy.retry;
        this.#retry = setTimeout(
          () => this.#connect(),
          backoffMs(this.#attempt++, firstMs, maxMs, Math.random()),
        );
        const isGivenUp = this.#silences >= modbusPolicy.silences;
        for (const client of this.#clients)
          client.lost(isGivenUp ? 'edge.modbus_silent' : 'edge.modbus_unreachable');
      },
    );
    this.#connection = connection;
  }
}

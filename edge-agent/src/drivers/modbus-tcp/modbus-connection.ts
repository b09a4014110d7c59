import { connect, type Socket } from 'node:net';
import type ModbusRTU from 'modbus-serial';
import { modbusPolicy } from '../policy.ts';
import type { ModbusAnswer, ModbusQuestion } from './modbus-value.ts';

/** Why a question got no value. */
export type ModbusFailure =
  /** No answer in time. */
  | 'silent'
  /** The server answered with an exception (§7 of the protocol): no such address, busy … */
  | 'exception'
  /** It answered something else than what was asked. */
  | 'malformed'
  /** The connection is not there, or ended. */
  | 'gone';

export type ModbusResult = { readonly answer: ModbusAnswer } | { readonly failure: ModbusFailure };

/**
 * One connection to a Modbus server, on a socket of our own: modbus-serial speaks the protocol, deadlines and
 * the end are ours. Several questions may be under way; answers find theirs by the transaction.
 */
export class ModbusConnection {
  readonly #socket: Socket;
  readonly #waiting = new Set<(result: ModbusResult) => void>();
  #client: ModbusRTU | null = null;
  #over = false;

  /** `onOpen` when it can be asked, `onGone` once when it ended or did not come about. */
  constructor(host: string, port: number, onOpen: () => void, onGone: () => void) {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.#socket = socket;
    const opening = setTimeout(() => socket.destroy(), modbusPolicy.connectMs);
    socket.on('error', () => undefined);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(opening);
      this.#over = true;
      for (const give of this.#waiting) give({ failure: 'gone' });
      onGone();
    });
    socket.once('connect', () => {
      clearTimeout(opening);
      this.#link().then(
        () => this.#over || onOpen(),
        () => socket.destroy(),
      );
    });
  }

  /** Never rejects. */
  ask({ code, unit, address, count }: ModbusQuestion): Promise<ModbusResult> {
    const client = this.#client;
    if (!client || this.#over) return Promise.resolve({ failure: 'gone' });
    return new Promise((resolve) => {
      const give = (result: ModbusResult) => {
        clearTimeout(deadline);
        this.#waiting.delete(give);
        resolve(result);
      };
      const deadline = setTimeout(() => give({ failure: 'silent' }), modbusPolicy.answerMs);
      this.#waiting.add(give);
      client[`writeFC${code}`](unit, address, count, (error, result) => {
        if (error) give({ failure: error.modbusCode === undefined ? 'malformed' : 'exception' });
        else give({ answer: answerOf(result) });
      });
    });
  }

  /** Settles when the socket is closed. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.destroy();
    });
  }

  /** Loaded with the first device: it brings the native package for serial lines along. */
  async #link(): Promise<void> {
    const { default: ModbusRtu } = await import('modbus-serial');
    const client = new ModbusRtu();
    await client.linkTCP(this.#socket, {});
    this.#client = client;
  }
}

function answerOf({
  data = [],
  buffer = Buffer.alloc(0),
}: {
  readonly data?: readonly unknown[];
  readonly buffer?: Buffer;
} = {}): ModbusAnswer {
  return { bits: data.map((bit) => bit === true), bytes: buffer };
}

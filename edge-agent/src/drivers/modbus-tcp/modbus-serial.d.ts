/**
 * What of modbus-serial is used, as it is: its own declarations say that the module is an object with the
 * class in it, and it is the class.
 */
declare module 'modbus-serial' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  interface ModbusResponse {
    readonly data?: readonly unknown[];
    readonly buffer?: Buffer;
  }
  type ModbusReply = (
    error: (Error & { readonly modbusCode?: number }) | null,
    result?: ModbusResponse,
  ) => void;
  type Read = (unit: number, address: number, count: number, reply: ModbusReply) => void;

  export default class ModbusRTU {
    linkTCP(socket: Socket, options: object): Promise<void>;
    readonly writeFC1: Read;
    readonly writeFC2: Read;
    readonly writeFC3: Read;
    readonly writeFC4: Read;
  }

  /** Its server, for tests. */
  export class ServerTCP extends EventEmitter {
    constructor(
      values: Readonly<Record<string, (address: number, unit: number) => Promise<boolean | number>>>,
      options: { readonly host: string; readonly port: number; readonly unitID: number },
    );
    readonly socks: ReadonlyMap<Socket, unknown>;
    readonly _server: Server;
    close(done: () => void): void;
  }
}

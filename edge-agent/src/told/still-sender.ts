import { WatchpostError } from '@watchpost/contracts/errors';
import { type StillCommand, stillStatement } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { isSigned } from '../policy/ed25519-signature.ts';
import type { AnnouncingKey } from './verify-announcement.ts';

export interface StillSenderOptions {
  readonly site: string;
  readonly gateway: string;
  /** Whose commands count now. */
  readonly keys: () => readonly AnnouncingKey[];
  /** A JPEG of the newest frame. @throws WatchpostError why there is none */
  readonly still: (device: string) => Promise<Buffer>;
  /** To the door, under the id of the question. */
  readonly send: (id: string, came: Buffer | { readonly error: string }) => Promise<void>;
  readonly log: Logger;
}

/** Sends a picture to the gateway door when the server asks for one; nothing of it is kept. */
export class StillSender {
  readonly #options: StillSenderOptions;

  constructor(options: StillSenderOptions) {
    this.#options = options;
  }

  /** @throws WatchpostError `edge.command_unsigned`, or why there is no picture: the door is told too */
  async answer(command: StillCommand): Promise<void> {
    const { site, gateway, keys, still, send, log } = this.#options;
    const { id, device, kid, signature } = command;
    const key = keys().find((one) => one.kid === kid);
    const statement = Buffer.from(stillStatement({ site, gateway }, command));
    if (!key || !isSigned(statement, signature, key.publicKey))
      throw new WatchpostError('edge.command_unsigned');
    let picture: Buffer;
    try {
      picture = await still(device);
    } catch (error) {
      const { code } = error instanceof WatchpostError ? error : { code: 'edge.source_lost' as const };
      await send(id, { error: code });
      throw error;
    }
    await send(id, picture);
    log.info({ device, id, bytes: picture.byteLength }, 'picture sent to the gateway door');
  }
}

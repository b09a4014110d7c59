import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { cameraProbeSchema, deviceSchemas } from '@watchpost/contracts/site';
import {
  type CameraProbeCommand,
  type CameraProbeResult,
  cameraProbeStatement,
  cameraProbeTimes,
  parseWith,
} from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { decoderOrder } from '../camera/decoder-order.ts';
import type { DecoderOrder } from '../camera/frame-wire.ts';
import { isSigned } from '../policy/ed25519-signature.ts';
import type { AnnouncingKey } from './verify-announcement.ts';

export interface CameraProberOptions {
  readonly site: string;
  readonly gateway: string;
  /** Whose commands count now. */
  readonly keys: () => readonly AnnouncingKey[];
  /** What is to be tried, from the door. */
  readonly fetch: (id: string) => Promise<unknown>;
  /** To the door, under the id of the question. */
  readonly send: (id: string, result: CameraProbeResult) => Promise<void>;
  /** The file of the secret of a name. */
  readonly secretFile: (name: string) => string;
  readonly attempt: (order: DecoderOrder, withinMs: number) => Promise<ErrorCode | null>;
  readonly log: Logger;
}

/** Tries a camera that somebody is about to write into the site file, and says what came of it. */
export class CameraProber {
  readonly #options: CameraProberOptions;
  #isBusy = false;

  constructor(options: CameraProberOptions) {
    this.#options = options;
  }

  /** @throws WatchpostError `edge.command_unsigned`, `edge.part_unreachable`, `edge.camera_busy` */
  async answer(command: CameraProbeCommand): Promise<void> {
    const { site, gateway, keys, fetch, send, log } = this.#options;
    const { id, kid, signature } = command;
    const key = keys().find((one) => one.kid === kid);
    const statement = Buffer.from(cameraProbeStatement({ site, gateway }, command));
    if (!key || !isSigned(statement, signature, key.publicKey))
      throw new WatchpostError('edge.command_unsigned');
    // A decoder costs memory: whoever asks again and again has one.
    if (this.#isBusy) throw new WatchpostError('edge.camera_busy');
    this.#isBusy = true;
    try {
      const error = await this.#tryOnce(await fetch(id));
      await send(id, { error });
      log.info({ id, error }, 'a camera was tried before it is written');
    } finally {
      this.#isBusy = false;
    }
  }

  async #tryOnce(fetched: unknown): Promise<ErrorCode | null> {
    const { secretFile, attempt } = this.#options;
    try {
      const { connect, password } = parseWith(cameraProbeSchema, fetched);
      const { password: named, ...rest } = connect;
      const config = deviceSchemas.camera.parse({
        ...{ id: 'probe', kind: 'camera', zone: 'probe', profile: 'generic-camera', faces: false },
        connect: password === undefined && named ? connect : rest,
      });
      const order = decoderOrder(config, secretFile);
      const withPassword = password === undefined ? order : { ...order, password };
      return await attempt({ ...withPassword, fps: 1 }, cameraProbeTimes.cameraMs);
    } catch (error) {
      if (error instanceof WatchpostError) return error.code;
      throw error;
    }
  }
}

import { WatchpostError } from '@watchpost/contracts/errors';
import type { CameraProbeAsk } from '@watchpost/contracts/site';
import {
  type CameraProbeResult,
  cameraProbeResultSchema,
  cameraProbeTimes,
  type StillAsk,
  stillLimits,
} from '@watchpost/contracts/wire';
import { exchangeLocally } from '@watchpost/service';
import type { StillSource } from './still-source.ts';

const limits = {
  ...{ valueBytes: 64 * 1024, attachedBytes: stillLimits.jpegBytes, attachments: 1 },
  ...{ arrivalMs: stillLimits.withinMs, connections: 0 },
} as const;

/** The process at the gateway door, at its socket file. */
export class StillSocket implements StillSource {
  readonly #path: string;

  /** @param path the socket file */
  constructor(path: string) {
    this.#path = path;
  }

  async probe(ask: CameraProbeAsk): Promise<CameraProbeResult> {
    const within = { ...limits, arrivalMs: cameraProbeTimes.askMs, attachments: 0 };
    try {
      const answer = await exchangeLocally(this.#path, { value: ask, attachments: [] }, within);
      return cameraProbeResultSchema.parse(answer?.value);
    } catch (cause) {
      if (cause instanceof WatchpostError && !cause.code.startsWith('local.')) throw cause;
      throw new WatchpostError('still.away', { cause });
    }
  }

  async still(ask: StillAsk): Promise<Uint8Array> {
    try {
      const answer = await exchangeLocally(this.#path, { value: ask, attachments: [] }, limits);
      const [picture] = answer?.attachments ?? [];
      if (picture) return picture;
    } catch (cause) {
      if (cause instanceof WatchpostError && !cause.code.startsWith('local.')) throw cause;
      throw new WatchpostError('still.away', { cause });
    }
    throw new WatchpostError('still.away');
  }
}

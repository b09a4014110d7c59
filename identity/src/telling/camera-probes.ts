import { randomUUID } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { CameraProbe, CameraProbeAsk } from '@watchpost/contracts/site';
import {
  type CameraProbeCommand,
  type CameraProbeResult,
  cameraProbeStatement,
  cameraProbeTimes,
} from '@watchpost/contracts/wire';
import type { DoorProbes } from '../door/door-probes.ts';
import { doorPolicy } from '../policy.ts';
import type { AnnouncingKey } from './announcing-key.ts';

export interface CameraProbesOptions {
  /** Whether the gateway is one of a site here. */
  readonly isKnown: (site: string, gateway: string) => boolean;
  readonly keyOf: (site: string) => Pick<AnnouncingKey, 'signCommand'> | undefined;
  /** @returns whether the command left */
  readonly send: (site: string, gateway: string, command: CameraProbeCommand) => boolean;
  readonly nowMs: () => number;
  /** By default that of {@link cameraProbeTimes}. */
  readonly withinMs?: number;
}

/** Somebody who waits. */
interface Waiting {
  readonly site: string;
  readonly gateway: string;
  readonly probe: CameraProbe;
  readonly take: (result: CameraProbeResult) => void;
}

/**
 * Has gateways try cameras before anything is written of them: one at a time of a gateway, within a deadline.
 * What is tried, a password perhaps, is in memory until then, and is given to that gateway alone.
 */
export class CameraProbes implements DoorProbes {
  readonly #options: CameraProbesOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: CameraProbesOptions) {
    this.#options = options;
  }

  /**
   * @returns null where a picture came, or the code that says why none did
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`
   */
  async ask({ site, gateway, probe }: CameraProbeAsk): Promise<CameraProbeResult> {
    const { isKnown, keyOf, send, nowMs, withinMs = cameraProbeTimes.doorMs } = this.#options;
    const key = keyOf(site);
    if (!key || !isKnown(site, gateway)) throw new WatchpostError('still.away');
    const others = [...this.#waiting.values()];
    const isBusy = others.some((one) => one.site === site && one.gateway === gateway);
    if (isBusy || others.length >= doorPolicy.stillsAtOnce) throw new WatchpostError('still.busy');
    const id = randomUUID();
    const order = { id, expires: new Date(nowMs() + withinMs).toISOString() };
    const signed = key.signCommand(cameraProbeStatement({ site, gateway }, order));
    let overdue: NodeJS.Timeout | undefined;
    try {
      return await new Promise<CameraProbeResult>((resolve, reject) => {
        overdue = setTimeout(() => reject(new WatchpostError('still.late')), withinMs);
        this.#waiting.set(id, { site, gateway, probe, take: resolve });
        if (!send(site, gateway, { ...order, name: 'camera.probe', ...signed }))
          reject(new WatchpostError('still.away'));
      });
    } finally {
      clearTimeout(overdue);
      this.#waiting.delete(id);
    }
  }

  probe(caller: { readonly site: string; readonly gateway: string }, id: string): CameraProbe {
    return this.#find(caller, id).probe;
  }

  tried(
    caller: { readonly site: string; readonly gateway: string },
    id: string,
    result: CameraProbeResult,
  ): void {
    this.#find(caller, id).take(result);
  }

  /** What another gateway was asked is nothing that this one may know. */
  #find({ site, gateway }: { readonly site: string; readonly gateway: string }, id: string): Waiting {
    const found = this.#waiting.get(id);
    if (found?.site === site && found.gateway === gateway) return found;
    throw new WatchpostError('still.unknown');
  }
}

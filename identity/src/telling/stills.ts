import { randomUUID } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { cameraProbeAskSchema } from '@watchpost/contracts/site';
import {
  cameraProbeTimes,
  parseWith,
  type StillAsk,
  type StillCommand,
  stillAskSchema,
  stillStatement,
} from '@watchpost/contracts/wire';
import { type LocalServer, serveExchanges } from '@watchpost/service';
import type { DoorStills } from '../door/door-stills.ts';
import { doorPolicy } from '../policy.ts';
import type { AnnouncingKey } from './announcing-key.ts';
import type { CameraProbes } from './camera-probes.ts';

export interface StillsOptions {
  /** Whether the gateway is one of a site here. */
  readonly isKnown: (site: string, gateway: string) => boolean;
  readonly keyOf: (site: string) => Pick<AnnouncingKey, 'signCommand'> | undefined;
  /** @returns whether the command left */
  readonly send: (site: string, gateway: string, command: StillCommand) => boolean;
  readonly nowMs: () => number;
  /** By default that of {@link doorPolicy}. */
  readonly withinMs?: number;
}

/** Somebody who waits. */
interface Waiting {
  readonly site: string;
  readonly gateway: string;
  readonly take: (came: Buffer | { readonly error: string }) => void;
}

/**
 * Asks gateways for pictures and hands each to whoever asked: one at a time of a gateway, within a deadline,
 * in memory alone.
 */
export class Stills implements DoorStills {
  readonly #options: StillsOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: StillsOptions) {
    this.#options = options;
  }

  /**
   * @returns a JPEG
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`, `still.no_picture`
   */
  async ask({ site, gateway, device, reason }: StillAsk): Promise<Buffer> {
    const { isKnown, keyOf, send, nowMs, withinMs = doorPolicy.stillMs } = this.#options;
    const key = keyOf(site);
    if (!key || !isKnown(site, gateway)) throw new WatchpostError('still.away');
    const others = [...this.#waiting.values()];
    const isBusy = others.some((one) => one.site === site && one.gateway === gateway);
    if (isBusy || others.length >= doorPolicy.stillsAtOnce) throw new WatchpostError('still.busy');
    const id = randomUUID();
    const order = { id, expires: new Date(nowMs() + withinMs).toISOString(), device, reason };
    const signed = key.signCommand(stillStatement({ site, gateway }, order));
    let overdue: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        overdue = setTimeout(() => reject(new WatchpostError('still.late')), withinMs);
        this.#waiting.set(id, {
          ...{ site, gateway },
          take: (came) =>
            Buffer.isBuffer(came)
              ? resolve(came)
              : reject(new WatchpostError('still.no_picture', { details: { error: came.error } })),
        });
        if (!send(site, gateway, { ...order, name: 'still', ...signed }))
          reject(new WatchpostError('still.away'));
      });
    } finally {
      clearTimeout(overdue);
      this.#waiting.delete(id);
    }
  }

  assertAwaited(caller: { readonly site: string; readonly gateway: string }, id: string): void {
    this.#find(caller, id);
  }

  brought(
    caller: { readonly site: string; readonly gateway: string },
    id: string,
    came: Buffer | { readonly error: string },
  ): void {
    this.#find(caller, id).take(came);
  }

  /** What another gateway was asked for is nothing that this one could bring. */
  #find({ site, gateway }: { readonly site: string; readonly gateway: string }, id: string): Waiting {
    const found = this.#waiting.get(id);
    if (found?.site === site && found.gateway === gateway) return found;
    throw new WatchpostError('still.unknown');
  }
}

/**
 * Answers alerting at a socket file of its owner: it has decided who may look at a picture or have a camera
 * tried, and written down why.
 * @throws WatchpostError `config.data_folder`
 */
export function serveStills(
  path: string,
  stills: Stills,
  probes?: Pick<CameraProbes, 'ask'>,
): Promise<LocalServer> {
  const limits = {
    ...{ valueBytes: 8 * 1024, attachedBytes: 0, attachments: 0 },
    ...{
      arrivalMs: Math.max(doorPolicy.stillMs, cameraProbeTimes.doorMs),
      connections: doorPolicy.stillsAtOnce,
    },
  };
  return serveExchanges(path, limits, async ({ value }) => {
    if (probes && typeof value === 'object' && value !== null && 'probe' in value)
      return {
        value: await probes.ask(parseWith(cameraProbeAskSchema, value, 'local.malformed')),
        attachments: [],
      };
    return {
      value: null,
      attachments: [await stills.ask(parseWith(stillAskSchema, value, 'local.malformed'))],
    };
  });
}

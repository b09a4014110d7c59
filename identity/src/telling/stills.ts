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
import { AskedGateways, type AskedGatewaysOptions, type GatewayOfSite } from './asked-gateways.ts';
import type { CameraProbes } from './camera-probes.ts';

export interface StillsOptions extends Omit<AskedGatewaysOptions<StillCommand>, 'withinMs'> {
  /** By default that of {@link doorPolicy}. */
  readonly withinMs?: number;
}

/** A picture, or why none came. */
type Brought = Buffer | { readonly error: string };

/**
 * Asks gateways for pictures and hands each to whoever asked: one at a time of a gateway, within a deadline,
 * in memory alone.
 */
export class Stills implements DoorStills {
  readonly #asked: AskedGateways<undefined, Brought, StillCommand>;

  constructor(options: StillsOptions) {
    this.#asked = new AskedGateways({ withinMs: doorPolicy.stillMs, ...options });
  }

  /**
   * @returns a JPEG
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`, `still.no_picture`
   */
  async ask({ site, gateway, device, reason }: StillAsk): Promise<Buffer> {
    const to = { site, gateway };
    const about = { device, reason };
    const came = await this.#asked.ask({
      ...{ to, kept: undefined, statement: (order) => stillStatement(to, { ...order, ...about }) },
      command: (order, signed) => ({ ...order, ...about, name: 'still', ...signed }),
    });
    if (Buffer.isBuffer(came)) return came;
    throw new WatchpostError('still.no_picture', { details: { error: came.error } });
  }

  assertAwaited(caller: GatewayOfSite, id: string): void {
    this.#asked.find(caller, id);
  }

  brought(caller: GatewayOfSite, id: string, came: Brought): void {
    this.#asked.find(caller, id).take(came);
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

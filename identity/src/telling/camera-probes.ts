import type { CameraProbe, CameraProbeAsk } from '@watchpost/contracts/site';
import {
  type CameraProbeCommand,
  type CameraProbeResult,
  cameraProbeStatement,
  cameraProbeTimes,
} from '@watchpost/contracts/wire';
import type { DoorProbes } from '../door/door-probes.ts';
import { AskedGateways, type AskedGatewaysOptions, type GatewayOfSite } from './asked-gateways.ts';

export interface CameraProbesOptions extends Omit<AskedGatewaysOptions<CameraProbeCommand>, 'withinMs'> {
  /** By default that of {@link cameraProbeTimes}. */
  readonly withinMs?: number;
}

/**
 * Has gateways try cameras before anything is written of them: one at a time of a gateway, within a deadline.
 * What is tried, a password perhaps, is in memory until then, and is given to that gateway alone.
 */
export class CameraProbes implements DoorProbes {
  readonly #asked: AskedGateways<CameraProbe, CameraProbeResult, CameraProbeCommand>;

  constructor(options: CameraProbesOptions) {
    this.#asked = new AskedGateways({ withinMs: cameraProbeTimes.doorMs, ...options });
  }

  /**
   * @returns null where a picture came, or the code that says why none did
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`
   */
  ask({ site, gateway, probe }: CameraProbeAsk): Promise<CameraProbeResult> {
    const to = { site, gateway };
    return this.#asked.ask({
      ...{ to, kept: probe, statement: (order) => cameraProbeStatement(to, order) },
      command: (order, signed) => ({ ...order, name: 'camera.probe', ...signed }),
    });
  }

  probe(caller: GatewayOfSite, id: string): CameraProbe {
    return this.#asked.find(caller, id).kept;
  }

  tried(caller: GatewayOfSite, id: string, result: CameraProbeResult): void {
    this.#asked.find(caller, id).take(result);
  }
}

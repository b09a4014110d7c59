import type { CameraProbe } from '@watchpost/contracts/site';
import type { CameraProbeResult } from '@watchpost/contracts/wire';
import type { Caller } from './document-routes.ts';

/** Cameras that a gateway is to try, under the id of each question. */
export interface DoorProbes {
  /** @throws WatchpostError `still.unknown` for what nobody asked this gateway */
  probe(caller: Pick<Caller, 'site' | 'gateway'>, id: string): CameraProbe;
  /** @throws WatchpostError `still.unknown` */
  tried(caller: Pick<Caller, 'site' | 'gateway'>, id: string, result: CameraProbeResult): void;
}

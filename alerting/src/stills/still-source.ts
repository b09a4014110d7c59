import type { CameraProbeAsk } from '@watchpost/contracts/site';
import type { CameraProbeResult, StillAsk } from '@watchpost/contracts/wire';

/** Whoever can ask gateways about cameras. Who may is decided before, and written down. */
export interface StillSource {
  /**
   * The newest frame of a camera as JPEG, its masks blanked.
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`, `still.no_picture` with the code that
   *   says why as `error`
   */
  still(ask: StillAsk): Promise<Uint8Array>;
  /**
   * Has the gateway try a camera; nothing is written.
   * @throws WatchpostError `still.away`, `still.busy`, `still.late`
   */
  probe(ask: CameraProbeAsk): Promise<CameraProbeResult>;
}

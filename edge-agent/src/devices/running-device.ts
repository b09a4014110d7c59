import type { DeviceHealthRecord } from './device-health.ts';

/** A configured device while the agent runs. Owns whatever it started. */
export interface RunningDevice {
  readonly health: DeviceHealthRecord;
  /** Silence after which it counts as lost, for devices whose driver does not notice by itself. */
  readonly silentAfterMs?: number | undefined;
  start(): void;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Only cameras: a JPEG of what it sees, masks blanked. @throws WatchpostError what is wrong with it */
  still?(): Promise<Buffer>;
  /** Only simulated devices; throws `wire.schema` for what the device does not have. */
  trigger?(action: string, value: number | undefined): void;
}

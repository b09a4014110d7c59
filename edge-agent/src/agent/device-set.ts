import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceId, GatewayState } from '@watchpost/contracts/wire';
import { monotonicMs } from '../clock/boot-clock.ts';
import type { CommandTargets } from '../commands/command-handler.ts';
import type { RunningDevice } from '../devices/running-device.ts';

/** The devices of the gateway, by id; owns them once they are added. */
export class DeviceSet implements Pick<CommandTargets, 'restartDevice' | 'trigger'> {
  readonly #devices = new Map<string, RunningDevice>();
  #off: ReadonlyMap<string, ErrorCode> = new Map();
  #othersOff = 0;
  /** The devices as they were when the agent began to stop: what ends after that was not lost. */
  #lastWord: GatewayState['devices'] | undefined;

  add(id: string, device: RunningDevice): void {
    this.#devices.set(id, device);
  }

  /** Stops a device and forgets it; harmless for one that is not there. */
  async remove(id: string): Promise<void> {
    const device = this.#devices.get(id);
    this.#devices.delete(id);
    await device?.stop();
  }

  /**
   * Devices that do not run, each with the reason, and how many more there are of which too little is known.
   */
  switchOff(off: ReadonlyMap<string, ErrorCode>, others: number): void {
    this.#off = off;
    this.#othersOff = others;
  }

  /** What is said of them. */
  get health(): GatewayState['devices'] {
    return this.#lastWord ?? this.#snapshots();
  }

  /** Whether devices are switched off that are not among those above. */
  get hasOthersOff(): boolean {
    return this.#othersOff > 0;
  }

  start(): void {
    for (const device of this.#devices.values()) device.start();
  }

  async stop(): Promise<void> {
    this.#lastWord = this.#snapshots();
    await Promise.all([...this.#devices.values()].map((device) => device.stop()));
  }

  /** Devices that said nothing for too long are lost. Call it now and then. */
  checkSilence(): void {
    for (const { health, silentAfterMs } of this.#devices.values()) {
      const last = health.lastHeardAt;
      if (silentAfterMs !== undefined && last !== null && monotonicMs() - last > silentAfterMs)
        health.fellSilent();
    }
  }

  /** @throws WatchpostError `wire.unknown_device` */
  restartDevice(id: string): Promise<void> {
    return this.#find(id).restart();
  }

  /**
   * @throws WatchpostError `wire.unknown_device`, or `wire.schema` for a device that is not simulated or has
   * no such action
   */
  trigger(id: string, action: string, value: number | undefined): void {
    const { trigger } = this.#find(id);
    if (!trigger) throw new WatchpostError('wire.schema', { path: '/device' });
    trigger(action, value);
  }

  /**
   * A JPEG of what a camera sees.
   * @throws WatchpostError `wire.unknown_device`, `wire.schema` for what is no camera, or what is wrong with
   *   it
   */
  async still(id: string): Promise<Buffer> {
    const off = this.#off.get(id);
    if (off !== undefined) throw new WatchpostError(off);
    const { still } = this.#find(id);
    if (!still) throw new WatchpostError('wire.schema', { path: '/device' });
    return still();
  }

  #find(id: string): RunningDevice {
    const device = this.#devices.get(id);
    if (device) return device;
    throw new WatchpostError('wire.unknown_device', { path: '/device' });
  }

  #snapshots(): GatewayState['devices'] {
    const off = [...this.#off].map(([device, error]) => ({
      device: device as DeviceId,
      status: 'lost' as const,
      error,
      readings: 0,
      unreadable: 0,
    }));
    return [...[...this.#devices.values()].map(({ health }) => health.snapshot()), ...off];
  }
}

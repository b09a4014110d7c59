import { isDeepStrictEqual } from 'node:util';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { type DeviceChanges, deviceChanges, type MadeFrom, madeFrom } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { Logger } from 'pino';
import type { EdgeAgentConfig } from '../config.ts';
import type { RunningDevice } from '../devices/running-device.ts';
import { profileOf } from './device-profiles.ts';
import type { DeviceSet } from './device-set.ts';

/** What the gateway is told of its devices: the part of its configuration that may change while it runs. */
export type ToldDevices = Pick<
  EdgeAgentConfig,
  'devices' | 'devicesOff' | 'hooks' | 'passes' | 'motion' | 'canary'
> & {
  /** What somebody should see to although the device works, by its id. */
  readonly concerns?: ReadonlyMap<string, ErrorCode>;
};

/** What one of its devices is made from. */
type DeviceParts = MadeFrom<
  ToldDevices['passes'],
  NonNullable<ToldDevices['hooks']>,
  ToldDevices['motion']
> & {
  readonly profile: HardwareProfile;
};

/** A device that is off because this gateway cannot run it, and why. */
export interface UnusableDevice {
  readonly id: string;
  readonly code: ErrorCode;
}

export interface DeviceRosterOptions {
  /** Where the devices are; whatever is in it was put there by this roster. */
  readonly devices: Pick<DeviceSet, 'add' | 'remove' | 'switchOff'>;
  readonly profiles: ReadonlyMap<string, HardwareProfile>;
  /** Makes a device, not started. */
  readonly make: (from: DeviceParts, told: ToldDevices) => RunningDevice;
  /** Loads what cameras that look for faces need, if any of them does. @throws what keeps them from it */
  readonly prepare: (told: ToldDevices) => Promise<void>;
  readonly log: Logger;
}

/**
 * Who runs at present, and from what it was made. What the gateway is told anew is applied device by device:
 * one whose part is the same is not touched, so it loses nothing; one that cannot be run is off with a code,
 * and keeps no other from running.
 */
export class DeviceRoster {
  readonly #options: DeviceRosterOptions;
  readonly #running = new Map<string, DeviceParts>();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: DeviceRosterOptions) {
    this.#options = options;
  }

  /**
   * Makes the devices of a start; none of them is started here.
   * @throws WatchpostError `config.invalid` for one that cannot be run: whoever starts it sees it
   */
  begin(told: ToldDevices): void {
    const { profiles } = this.#options;
    told.devices.forEach((device, index) => {
      const profile = profileOf(device, profiles, `/devices/${index}`);
      this.#add({ ...madeFrom(device, told), profile }, told);
    });
    this.#switchOff(told, []);
  }

  /** Applies what the gateway is told now; one after the other. `unusable` are off already. */
  apply(told: ToldDevices, unusable: readonly UnusableDevice[] = []): Promise<DeviceChanges> {
    const applied = this.#last.then(() => this.#apply(told, unusable));
    this.#last = applied.catch(() => undefined);
    return applied;
  }

  /** Applies nothing more; settles when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }

  async #apply(told: ToldDevices, unusable: readonly UnusableDevice[]): Promise<DeviceChanges> {
    const { devices, log } = this.#options;
    const off = [...unusable];
    const next = this.#madeFromOf(told, off);
    const changes = deviceChanges(this.#running, next, isDeepStrictEqual);
    if (this.#isClosed) return { kept: [], changed: [], added: [], gone: [] };
    const cannotMatch = await this.#prepare(told);
    // All of them first: a changed device may take over what another one held, such as a serial port.
    await Promise.all(
      [...changes.gone, ...changes.changed].map(async (id) => {
        this.#running.delete(id);
        await devices.remove(id);
      }),
    );
    for (const id of [...changes.changed, ...changes.added]) {
      const from = next.get(id);
      if (!from || this.#isClosed) continue;
      const { device } = from;
      if (cannotMatch && device.kind === 'camera' && device.faces) off.push({ id, code: cannotMatch });
      else this.#start(from, told, off);
    }
    this.#switchOff(told, off);
    const { changed, added, gone, kept } = changes;
    log.info({ kept: kept.length, changed, added, gone, off }, 'devices applied');
    return changes;
  }

  #madeFromOf(told: ToldDevices, off: UnusableDevice[]): ReadonlyMap<string, DeviceParts> {
    const { profiles, log } = this.#options;
    const found = new Map<string, DeviceParts>();
    for (const device of told.devices) {
      try {
        found.set(device.id, { ...madeFrom(device, told), profile: profileOf(device, profiles, '') });
      } catch (error) {
        log.warn({ err: error, device: device.id }, 'device cannot be run');
        off.push({ id: device.id, code: 'edge.device_part' });
      }
    }
    return found;
  }

  /** @returns why faces cannot be matched */
  async #prepare(told: ToldDevices): Promise<ErrorCode | undefined> {
    try {
      await this.#options.prepare(told);
      return undefined;
    } catch (error) {
      this.#options.log.error({ err: error }, 'face recognition cannot be opened');
      return error instanceof WatchpostError ? error.code : 'edge.device_part';
    }
  }

  #start(from: DeviceParts, told: ToldDevices, off: UnusableDevice[]): void {
    try {
      this.#add(from, told).start();
    } catch (error) {
      const { id } = from.device;
      this.#options.log.error({ err: error, device: id }, 'device cannot be run');
      this.#running.delete(id);
      void this.#options.devices.remove(id);
      off.push({ id, code: error instanceof WatchpostError ? error.code : 'edge.device_part' });
    }
  }

  #add(from: DeviceParts, told: ToldDevices): RunningDevice {
    const device = this.#options.make(from, told);
    const concern = told.concerns?.get(from.device.id);
    if (concern) device.health.concern(concern);
    this.#options.devices.add(from.device.id, device);
    this.#running.set(from.device.id, from);
    return device;
  }

  #switchOff({ devicesOff }: ToldDevices, unusable: readonly UnusableDevice[]): void {
    const off = new Map<string, ErrorCode>(devicesOff.shown.map((id) => [id, 'edge.device_off']));
    for (const { id, code } of unusable) off.set(id, code);
    for (const id of this.#running.keys()) off.delete(id);
    this.#options.devices.switchOff(off, devicesOff.others);
  }
}

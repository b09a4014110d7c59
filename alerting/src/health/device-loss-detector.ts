import type { SiteDevice } from '@watchpost/contracts/site';
import type { DeviceHealth } from '@watchpost/contracts/wire';
import type { JobPayload, Scheduler } from '../jobs/scheduler.ts';
import { devicePlace } from '../places/event-place.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { LossLimits } from '../policy.ts';
import type { OpenLosses } from './open-losses.ts';
import { lossPolicy } from './policy.ts';

/** What {@link DeviceLossDetector} needs. */
export interface DeviceLossDetectorOptions {
  readonly directory: SiteDirectory;
  readonly scheduler: Scheduler;
  readonly losses: OpenLosses;
  readonly limits: LossLimits;
  readonly nowMs: () => number;
  /** Whether the device’s gateway is heard: the loss of a gateway stands for all of its devices. */
  readonly isHeard: (gateway: string) => boolean;
}

/** Notices devices of which their gateway says for longer than their limit that nothing comes. */
export class DeviceLossDetector {
  readonly #options: DeviceLossDetectorOptions;
  /** What waits for its limit: the newest word about it, and since when. */
  readonly #suspects = new Map<string, { readonly sinceMs: number; readonly error: string | undefined }>();

  /** Gateways that have said something of their devices to this process. */
  readonly #said = new Set<string>();

  constructor(options: DeviceLossDetectorOptions) {
    this.#options = options;
    options.scheduler.handle('device.lost', (id, payload, dueMs) => this.#limitReached(id, payload, dueMs));
  }

  /** What a gateway says of its devices. */
  take(gateway: string, devices: readonly DeviceHealth[]): void {
    this.#said.add(gateway);
    for (const health of devices) {
      if (this.#options.directory.device(health.device)?.gateway !== gateway) continue;
      if (health.status === 'lost' || health.status === 'starting') this.#suspect(health);
      else this.#cleared(health.device);
    }
  }

  /** Nothing is known of the devices of this gateway any more. */
  forget(gateway: string): void {
    for (const id of [...this.#suspects.keys()]) {
      if (this.#options.directory.device(id)?.gateway !== gateway) continue;
      this.#suspects.delete(id);
      this.#options.scheduler.cancel('device.lost', id);
    }
  }

  #suspect({ device: id, error }: DeviceHealth): void {
    const { directory, scheduler, nowMs } = this.#options;
    const device = directory.device(id);
    if (!device) return;
    const known = this.#suspects.get(id);
    this.#suspects.set(id, { sinceMs: known?.sinceMs ?? nowMs(), error });
    if (known) return;
    const atMs = nowMs() + this.#limitOf(device);
    scheduler.schedule('device.lost', id, atMs, {}, 'keep');
  }

  #limitOf({ kind }: Pick<SiteDevice, 'kind'>): number {
    const { cameraMs, deviceMs } = this.#options.limits;
    return kind === 'camera' ? cameraMs : deviceMs;
  }

  #cleared(id: string): void {
    const { directory, scheduler, losses } = this.#options;
    if (this.#suspects.delete(id)) scheduler.cancel('device.lost', id);
    const place = devicePlace(directory, id);
    if (!place) return;
    losses.restore('watchpost.device.lost.v1', place);
    losses.restore('watchpost.tamper.video_loss.v1', place);
  }

  #limitReached(id: string, payload: JobPayload, dueMs: number): void {
    const { directory, scheduler, losses, isHeard, nowMs } = this.#options;
    const device = directory.device(id);
    const suspect = this.#suspects.get(id);
    // A process before this one suspected it, and its gateway has not spoken to this one yet.
    const waited = Number(payload.waited ?? 0);
    const begunMs = Number(payload.sinceMs ?? (device ? dueMs - this.#limitOf(device) : dueMs));
    if (device && !suspect && !this.#said.has(device.gateway) && waited < lossPolicy.deviceWaits)
      scheduler.schedule('device.lost', id, nowMs() + lossPolicy.deviceWaitMs, {
        ...{ waited: waited + 1, sinceMs: begunMs },
      });
    // A suspect stays one, so that the next state message does not begin its time anew.
    if (!device || !suspect || !isHeard(device.gateway)) return;
    const { error } = suspect;
    const sinceMs = Math.min(suspect.sinceMs, begunMs);
    if (device.kind === 'camera') {
      const data = { reason: 'lost', ...(error === undefined ? {} : { detail: error }) } as const;
      losses.raise({ type: 'watchpost.tamper.video_loss.v1', place: device, data }, sinceMs);
      return;
    }
    const since = new Date(sinceMs).toISOString();
    const data = { since, ...(error === undefined ? {} : { error }) };
    losses.raise({ type: 'watchpost.device.lost.v1', place: device, data }, sinceMs);
  }
}

import type { DeviceHealth, GatewayState } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { UptimePolicy } from '../policy.ts';
import type { Queryable } from '../store/schema.ts';
import {
  type DeviceStatus,
  endEarlierStatus,
  noteWatched,
  type StatusChange,
  saveStatusChanges,
} from '../store/uptime-store.ts';

/** What {@link UptimeRecorder} needs. */
export interface UptimeRecorderOptions {
  readonly db: Queryable;
  readonly directory: SiteDirectory;
  readonly policy: UptimePolicy;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** A device that works badly works. */
const statusOf = (health: DeviceHealth['status']): DeviceStatus =>
  health === 'ok' || health === 'degraded' ? 'up' : 'down';

/**
 * Writes down when each device of the site was up: by what its gateway says of it, because a healthy smoke
 * detector says nothing itself. A device is down with its gateway; while alerting hears nobody, nothing is
 * known. When the server’s clock is set back, hours come twice: each holds what was said of it last.
 */
export class UptimeRecorder {
  readonly #options: UptimeRecorderOptions;
  readonly #newest = new Map<string, { readonly status: DeviceStatus; readonly atMs: number }>();
  /** What is not stored yet; it is tried again while the database is away. */
  #pending: StatusChange[] = [];
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOn = true;

  constructor(options: UptimeRecorderOptions) {
    this.#options = options;
  }

  /** Begins: nothing is known yet, and what an earlier run knew ends with that run. */
  async start(): Promise<void> {
    const { db, directory, policy, nowMs } = this.#options;
    this.#newest.clear();
    this.#pending = [];
    this.#isOn = true;
    await endEarlierStatus(db, directory.site.id, new Date(nowMs()).toISOString());
    this.#timer = setInterval(() => void this.flush(), policy.noteEveryMs);
  }

  async stop(): Promise<void> {
    if (!this.#isOn) return;
    clearInterval(this.#timer);
    await this.flush();
    this.#isOn = false;
  }

  /** Another service writes from now on; can begin again. */
  handOver(): void {
    clearInterval(this.#timer);
    this.#isOn = false;
  }

  /** Takes what a gateway says; `live` when it says so now and the broker had not kept it. */
  takeState(gateway: string, state: GatewayState, live: boolean): void {
    if (!this.#isOn) return;
    const nowMs = this.#followClock();
    if (state.status === 'offline') {
      this.#all(gateway, 'down', nowMs);
      return;
    }
    // That it was online once says nothing of now.
    if (!live) return;
    const said = new Map<string, DeviceStatus>(
      state.devices.map(({ device, status }) => [device, statusOf(status)]),
    );
    for (const device of this.#devicesOf(gateway)) this.#note(device, said.get(device) ?? 'unknown', nowMs);
    void this.#save();
  }

  /** Nothing was heard from a gateway since then, although it could have been. */
  gatewayLost(gateway: string, sinceMs: number): void {
    if (!this.#isOn) return;
    this.#all(gateway, 'down', Math.min(sinceMs, this.#followClock()));
  }

  /** The broker is away: nothing is known of any device. */
  linkDown(): void {
    if (!this.#isOn) return;
    const nowMs = this.#followClock();
    for (const gateway of this.#options.directory.site.gateways) this.#all(gateway, 'unknown', nowMs);
  }

  /**
   * Stores what waits and notes that alerting is there. Does not throw: what could not be stored is tried
   * again.
   */
  async flush(): Promise<void> {
    const { db, directory, logger } = this.#options;
    const now = new Date(this.#followClock()).toISOString();
    await this.#save();
    // What could not be stored may not count as known up to now.
    if (this.#pending.length > 0) return;
    await noteWatched(db, directory.site.id, now).catch((error: unknown) =>
      logger.warn({ err: error }, 'the time up to which devices are watched could not be stored'),
    );
  }

  /** What the clock says; when it was set back, what holds of each device holds from then on. */
  #followClock(): number {
    const nowMs = this.#options.nowMs();
    for (const [device, { status, atMs }] of this.#newest) {
      if (atMs <= nowMs + this.#options.policy.setBackMs) continue;
      this.#newest.set(device, { status, atMs: nowMs });
      this.#put({ device, status, at: new Date(nowMs).toISOString(), again: true });
    }
    return nowMs;
  }

  #put(change: StatusChange): void {
    const { pendingAtMost } = this.#options.policy;
    this.#pending.push(change);
    if (this.#pending.length > pendingAtMost) this.#pending = this.#pending.slice(-pendingAtMost);
  }

  #devicesOf(gateway: string): string[] {
    const { devices } = this.#options.directory.site;
    return devices.filter((device) => device.gateway === gateway).map(({ id }) => id);
  }

  #all(gateway: string, status: DeviceStatus, atMs: number): void {
    for (const device of this.#devicesOf(gateway)) this.#note(device, status, atMs);
    void this.#save();
  }

  #note(device: string, status: DeviceStatus, atMs: number): void {
    const before = this.#newest.get(device);
    if (status === (before?.status ?? 'unknown')) return;
    // Silence is noticed later than it began: never before what was said last.
    const notBeforeMs = Math.max(atMs, (before?.atMs ?? Number.NEGATIVE_INFINITY) + 1);
    this.#newest.set(device, { status, atMs: notBeforeMs });
    this.#put({ device, status, at: new Date(notBeforeMs).toISOString() });
  }

  #save(): Promise<void> {
    this.#writing ??= this.#saveAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #saveAll(): Promise<void> {
    const { db, directory, logger } = this.#options;
    while (this.#pending.length > 0) {
      const changes = this.#pending;
      this.#pending = [];
      try {
        await saveStatusChanges(db, directory.site.id, changes);
      } catch (error) {
        this.#pending = [...changes, ...this.#pending];
        logger.warn({ err: error, changes: this.#pending.length }, 'changes of devices could not be stored');
        return;
      }
    }
  }
}

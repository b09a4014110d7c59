import type { Alert } from '@watchpost/contracts/alert';
import type { ErrorCode } from '@watchpost/contracts/errors';
import type { GatewayState } from '@watchpost/contracts/wire';
import type { JobPayload, Scheduler } from '../jobs/scheduler.ts';
import { gatewayPlace } from '../places/event-place.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { LossLimits } from '../policy.ts';
import { type BrokenFile, BrokenFiles } from './broken-files.ts';
import { DeviceLossDetector } from './device-loss-detector.ts';
import { type Finding, systemGateway } from './loss-finding.ts';
import { OpenLosses } from './open-losses.ts';
import { lossPolicy } from './policy.ts';

/** What {@link LossDetector} needs. */
export interface LossDetectorOptions {
  readonly directory: SiteDirectory;
  readonly scheduler: Scheduler;
  readonly limits: LossLimits;
  /** Wall clock, for what people read. */
  readonly nowMs: () => number;
  /** Monotonic time, for ages: milliseconds of a clock that nobody sets. */
  readonly monotonicMs: () => number;
  /** Takes what was found out. */
  readonly report: (finding: Finding) => void;
  /**
   * Told each time that a gateway is found to be lost, also when its alert is open already, and since when.
   */
  readonly gatewayLost?: (gateway: string, sinceMs: number) => void;
}

/** What a gateway does that sends more telemetry than the broker passes on. */
const floodError = 'broker.telemetry_flood';

interface Gateway {
  status: 'online' | 'offline' | 'unknown';
  offlineSinceMs: number;
  /** Monotonic time of its last live message. */
  heardMs: number | undefined;
}

/**
 * Notices that nothing comes any more: from a device, from a gateway, or from the broker, each on a timer of
 * its own and not at the next message. The loss of the broker stands for all gateways, that of a gateway for
 * all its devices.
 */
export class LossDetector {
  readonly #options: LossDetectorOptions;
  readonly #losses: OpenLosses;
  readonly #devices: DeviceLossDetector;
  readonly #files: BrokenFiles;
  readonly #gateways: ReadonlyMap<string, Gateway>;
  /** Gateways that the broker says flood it. */
  readonly #flooding = new Set<string>();
  /** Monotonic time since which the link is up; undefined while it is not. */
  #upSinceMs: number | undefined;
  #downSinceMs: number;
  #linkError: string | undefined;
  /** Monotonic time since which it watches. */
  #startedMs: number;

  constructor(options: LossDetectorOptions) {
    this.#options = options;
    const { directory, scheduler, limits, nowMs, monotonicMs, report } = options;
    this.#losses = new OpenLosses({ nowMs, monotonicMs }, report);
    const isHeard = (gateway: string): boolean =>
      this.#upSinceMs !== undefined &&
      this.#gateways.get(gateway)?.status === 'online' &&
      !this.#losses.has('watchpost.gateway.lost.v1', gateway);
    this.#devices = new DeviceLossDetector({
      directory,
      scheduler,
      losses: this.#losses,
      limits,
      nowMs,
      isHeard,
    });
    this.#files = new BrokenFiles({ directory, scheduler, losses: this.#losses, limits, nowMs });
    this.#gateways = new Map(
      directory.site.gateways.map((id) => [id, { status: 'unknown', offlineSinceMs: 0, heardMs: undefined }]),
    );
    this.#downSinceMs = nowMs();
    this.#startedMs = monotonicMs();
    scheduler.handle('broker.lost', (_, payload, dueMs) => this.#brokerLimitReached(payload, dueMs));
    scheduler.handle('gateway.lost', (id, payload, dueMs) => this.#gatewayLimitReached(id, payload, dueMs));
  }

  /**
   * Begins, also when it ran before, with the unresolved alerts of the store whose cause is present: nothing
   * is known of the link yet.
   */
  start(known: readonly Alert[]): void {
    this.#losses.clear();
    this.#files.take([]);
    for (const alert of known) this.#losses.note(alert);
    this.#startedMs = this.#options.monotonicMs();
    for (const id of this.#gateways.keys()) this.#devices.forget(id);
    this.#noLink(undefined, 'keep');
  }

  /** Takes note of an alert that was stored. */
  note(alert: Alert): void {
    this.#losses.note(alert);
  }

  /** Connected and subscribed: from now on silence means something. */
  linkUp(): void {
    const { scheduler, monotonicMs, nowMs, limits, directory } = this.#options;
    this.#upSinceMs = monotonicMs();
    scheduler.cancel('broker.lost', '');
    this.#losses.restore('watchpost.broker.lost.v1', gatewayPlace(directory, systemGateway));
    for (const id of this.#gateways.keys())
      scheduler.schedule('gateway.lost', id, nowMs() + limits.gatewayMs, {}, 'keep');
  }

  /** The link is lost, with the code of why: nothing can be heard. */
  linkDown(error?: string): void {
    for (const id of this.#gateways.keys()) {
      this.#options.scheduler.cancel('gateway.lost', id);
      this.#devices.forget(id);
    }
    this.#noLink(error);
  }

  /** With `keep` a limit that runs already goes on: a process before this one had no link either. */
  #noLink(error: string | undefined, keep?: 'keep'): void {
    const { scheduler, nowMs, limits } = this.#options;
    this.#upSinceMs = undefined;
    this.#downSinceMs = nowMs();
    this.#linkError = error;
    this.#flooding.clear(); // said again while it goes on
    scheduler.schedule('broker.lost', '', nowMs() + limits.brokerMs, {}, keep);
  }

  /** Whether a gateway is heard now; otherwise it is lost, or will be soon. */
  isHeard(id: string): boolean {
    const { monotonicMs, limits } = this.#options;
    const { status, heardMs } = this.#gateways.get(id) ?? {};
    if (this.#upSinceMs === undefined || status !== 'online' || heardMs === undefined) return false;
    return monotonicMs() - heardMs < limits.gatewayMs;
  }

  /** A live message (not a retained one) came from a gateway. */
  heard(id: string): void {
    const gateway = this.#gateways.get(id);
    if (!gateway) return;
    gateway.heardMs = this.#options.monotonicMs();
    gateway.status = 'online';
    if (!this.#losses.has('watchpost.gateway.lost.v1', id)) return;
    this.#losses.restore('watchpost.gateway.lost.v1', gatewayPlace(this.#options.directory, id));
    this.#expect(id);
  }

  /**
   * What a gateway says of itself; `live` when it says so now. `more` are faults of it that alerting itself
   * knows.
   */
  takeState(id: string, state: GatewayState, live: boolean, more: readonly string[] = []): void {
    const gateway = this.#gateways.get(id);
    if (!gateway) return;
    if (state.status === 'offline') {
      if (gateway.status !== 'offline') {
        gateway.offlineSinceMs = live ? this.#options.nowMs() : Date.parse(state.time);
        gateway.status = 'offline';
        this.#expect(id, live ? undefined : 'keep');
      }
      this.#devices.forget(id);
      return;
    }
    // A retained word says that it was online once; whether it is will be heard.
    if (!live) return;
    this.heard(id);
    this.#devices.take(id, state.devices);
    const flood = this.#flooding.has(id) ? [floodError] : [];
    this.#compareFaults(id, [...faultsOf(state), ...more, ...flood]);
  }

  /**
   * The broker says that a gateway begins or ceases to flood it. One that the site does not list is the
   * server’s affair.
   */
  takeFlood(id: string, isFlooding: boolean): void {
    const known = this.#gateways.has(id) ? id : systemGateway;
    const place = gatewayPlace(this.#options.directory, known);
    if (isFlooding) {
      this.#flooding.add(id);
      const data = { error: floodError };
      this.#losses.raise({ type: 'watchpost.gateway.fault.v1', place, data }, this.#options.nowMs());
    } else {
      this.#flooding.delete(id);
      this.#losses.restore('watchpost.gateway.fault.v1', place, floodError);
    }
  }

  /** The files of the server folder that concern this site and have mistakes now: all of them. */
  takeBrokenFiles(files: readonly BrokenFile[]): void {
    this.#files.take(files);
  }

  /** What is wrong with the server itself as far as this site is concerned: the codes of all of it. */
  takeServerFaults(codes: readonly ErrorCode[]): void {
    this.#compareFaults(systemGateway, codes);
  }

  #expect(id: string, keep?: 'keep'): void {
    const { scheduler, nowMs, limits } = this.#options;
    scheduler.schedule('gateway.lost', id, nowMs() + limits.gatewayMs, {}, keep);
  }

  #compareFaults(id: string, codes: readonly string[]): void {
    const place = gatewayPlace(this.#options.directory, id);
    const now = new Set(codes);
    for (const error of this.#losses.told('watchpost.gateway.fault.v1', id)) {
      if (!now.has(error)) this.#losses.restore('watchpost.gateway.fault.v1', place, error);
    }
    for (const error of now) {
      this.#losses.raise(
        { type: 'watchpost.gateway.fault.v1', place, data: { error } },
        this.#options.nowMs(),
      );
    }
  }

  #brokerLimitReached(payload: JobPayload, dueMs: number): void {
    const { scheduler, monotonicMs, nowMs, limits } = this.#options;
    if (this.#upSinceMs !== undefined) return;
    const leftMs = lossPolicy.connectsWithinMs - (monotonicMs() - this.#startedMs);
    const begunMs = Number(payload.sinceMs ?? dueMs - limits.brokerMs);
    // The limit may be of a process before this one, which has hardly tried yet.
    if (leftMs > 0 && leftMs < limits.brokerMs) {
      scheduler.schedule('broker.lost', '', nowMs() + leftMs, { sinceMs: begunMs });
      return;
    }
    const error = this.#linkError;
    const sinceMs = Math.min(this.#downSinceMs, begunMs);
    const since = new Date(sinceMs).toISOString();
    const data = { since, ...(error === undefined ? {} : { error }) };
    const place = gatewayPlace(this.#options.directory, systemGateway);
    this.#losses.raise({ type: 'watchpost.broker.lost.v1', place, data }, sinceMs);
  }

  #gatewayLimitReached(id: string, payload: JobPayload, dueMs: number): void {
    const { directory, scheduler, monotonicMs, nowMs, limits } = this.#options;
    const gateway = this.#gateways.get(id);
    if (!gateway) return;
    const { status, heardMs } = gateway;
    const begunMs = Number(payload.sinceMs ?? dueMs - limits.gatewayMs);
    const watchedMs = monotonicMs() - (this.#upSinceMs ?? monotonicMs());
    const silentMs = Math.min(watchedMs, monotonicMs() - (heardMs ?? 0));
    // Whoever was not heard by this process may have been silent before it: it speaks within this, or not.
    const limitMs =
      heardMs === undefined ? Math.min(limits.gatewayMs, lossPolicy.speaksWithinMs) : limits.gatewayMs;
    if (this.#upSinceMs === undefined || (status !== 'offline' && silentMs < limitMs)) {
      const more: JobPayload = heardMs === undefined ? { sinceMs: begunMs } : {};
      scheduler.schedule('gateway.lost', id, nowMs() + limitMs - silentMs, more);
      return;
    }
    this.#devices.forget(id);
    const reason = status === 'offline' ? 'offline' : heardMs === undefined ? 'never_heard' : 'silent';
    const silentSinceMs = Math.min(nowMs() - silentMs, heardMs === undefined ? begunMs : nowMs());
    const sinceMs = status === 'offline' ? gateway.offlineSinceMs : silentSinceMs;
    this.#options.gatewayLost?.(id, sinceMs);
    const devices = directory.site.devices.filter((device) => device.gateway === id).length;
    const data = { since: new Date(sinceMs).toISOString(), reason, devices } as const;
    this.#losses.raise(
      { type: 'watchpost.gateway.lost.v1', place: gatewayPlace(directory, id), data },
      sinceMs,
    );
  }
}

/** Codes for what is wrong with a gateway as a whole. */
function faultsOf({ errors = [], certificate }: GatewayState): string[] {
  return certificate?.error === undefined ? [...errors] : [...errors, certificate.error];
}

import type { GatewayState, GatewayStatus, Site } from '@watchpost/contracts';
import { type EpochHistory, hasDouble, noEpochs, observeEpoch } from '../domain/duplicate-identity.ts';

interface Entry {
  state: GatewayState | undefined;
  epochs: EpochHistory;
  since: string | null;
}

/**
 * What is known of every gateway of the site: its last state message (retained at the broker, so a restart learns it
 * again) and whether a double was noticed.
 */
export class GatewayBoard {
  readonly #entries: Map<string, Entry>;
  readonly #gateways: Site['gateways'];

  constructor(site: Site) {
    this.#gateways = site.gateways;
    this.#entries = new Map(
      site.gateways.map((gateway) => [gateway, { state: undefined, epochs: noEpochs, since: null }]),
    );
  }

  /** Takes a state message. `undefined` for a gateway that the site does not list. */
  takeState(gateway: string, state: GatewayState, nowMs: number): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    if (!entry) return undefined;
    // A will carries the time when the gateway connected, so a change that is seen happens now. Only the first word may
    // be an old one, retained at the broker.
    if (!entry.state) entry.since = state.time;
    else if (entry.state.status !== state.status) entry.since = new Date(nowMs).toISOString();
    entry.state = state;
    return this.status(gateway, nowMs);
  }

  /** Notes that an epoch delivered something new; true when this shows a double that was not known yet. */
  takeEpoch(gateway: string, epoch: string, nowMs: number): { alternated: boolean; newlyDouble: boolean } {
    const entry = this.#entries.get(gateway);
    if (!entry) return { alternated: false, newlyDouble: false };
    const wasDouble = hasDouble(entry.epochs, nowMs);
    const before = entry.epochs.alternatedAtMs;
    const current = entry.epochs.current;
    entry.epochs = observeEpoch(entry.epochs, epoch, nowMs);
    const alternated =
      current !== entry.epochs.current && entry.epochs.alternatedAtMs === nowMs && before !== nowMs;
    return { alternated, newlyDouble: !wasDouble && hasDouble(entry.epochs, nowMs) };
  }

  /** Marks a gateway whose position was claimed by two different events. */
  markDouble(gateway: string, nowMs: number): void {
    const entry = this.#entries.get(gateway);
    if (entry) entry.epochs = { ...entry.epochs, alternatedAtMs: nowMs };
  }

  status(gateway: string, nowMs: number): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    const id = this.#gateways.find((known) => known === gateway);
    if (!entry || id === undefined) return undefined;
    const { state } = entry;
    return {
      gateway: id,
      status: state?.status ?? 'unknown',
      since: entry.since,
      version: state?.version ?? null,
      clockOffsetMs: state?.clockOffsetMs ?? null,
      outboxDepth: state?.outboxDepth ?? null,
      devices: state?.devices ?? [],
      ...(hasDouble(entry.epochs, nowMs) ? { error: 'wire.duplicate_identity' } : {}),
    };
  }

  all(nowMs: number): GatewayStatus[] {
    return this.#gateways.flatMap((gateway) => this.status(gateway, nowMs) ?? []);
  }
}

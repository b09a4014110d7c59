import type { ChainProof, GatewayStatus } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { GatewayState } from '@watchpost/contracts/wire';
import { timePolicy } from '../ingest/policy.ts';
import { type EpochHistory, hasDuplicate, noEpochs, observeEpoch } from './duplicate-identity.ts';
import { type ClockHistory, noClockHistory, observeState } from './gateway-clock.ts';

interface Entry {
  state: GatewayState | undefined;
  epochs: EpochHistory;
  since: string | null;
  clock: ClockHistory;
  late: number;
  /** Version of the site part that was announced to it last. */
  announced: number | undefined;
  /** Whether what it says comes through. */
  proof: ChainProof | undefined;
}

/**
 * What is known of every gateway of the site: its last state message (retained at the broker, so a restart
 * learns it again) and whether another gateway uses its identity.
 */
export class GatewayRegistry {
  readonly #entries: Map<string, Entry>;
  readonly #site: Site['id'];
  readonly #gateways: Site['gateways'];
  readonly #monotonicMs: () => number;

  /** `monotonicMs`: a mark lasts as long as it says, however the clock is set. */
  constructor(site: Site, monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
    this.#site = site.id;
    this.#gateways = site.gateways;
    this.#entries = new Map(
      site.gateways.map((gateway) => [
        gateway,
        {
          state: undefined,
          epochs: noEpochs,
          since: null,
          clock: noClockHistory,
          late: 0,
          announced: undefined,
          proof: undefined,
        },
      ]),
    );
  }

  /**
   * Takes a state message that came at `nowMs`, by the clock. `undefined` for a gateway that the site does
   * not list.
   */
  takeState(gateway: string, state: GatewayState, nowMs: number): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    if (!entry) return undefined;
    // A will carries the time when the gateway connected, so a change that is seen happens now. Only the
    // first word may be an old one, retained at the broker.
    if (!entry.state) entry.since = state.time;
    else if (entry.state.status !== state.status) entry.since = new Date(nowMs).toISOString();
    entry.state = state;
    entry.clock = observeState(entry.clock, state, nowMs);
    return this.status(gateway);
  }

  /** A site part was announced to a gateway; undefined: it is told nothing any more. */
  takeAnnounced(gateway: string, version: number | undefined): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    if (entry) entry.announced = version;
    return this.status(gateway);
  }

  /** What is proven of a gateway. */
  takeProof(gateway: string, proof: ChainProof): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    if (entry) entry.proof = proof;
    return this.status(gateway);
  }

  /** What is known of a gateway's clock, for events that do not say it. */
  clockOf(gateway: string | undefined): ClockHistory {
    return this.#entries.get(gateway ?? '')?.clock ?? noClockHistory;
  }

  /** How many events came too late to page anybody, as the store remembers. */
  startLate(counts: ReadonlyMap<string, number>): void {
    for (const [gateway, count] of counts) {
      const entry = this.#entries.get(gateway);
      if (entry) entry.late += count;
    }
  }

  /** `count` more events came too late to page anybody. */
  addLate(gateway: string, count: number): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    if (entry) entry.late += count;
    return this.status(gateway);
  }

  /**
   * Notes that an epoch delivered something new; `newlyDuplicate` when this shows a second gateway of its
   * identity that was not known yet.
   */
  takeEpoch(gateway: string, epoch: string): { alternated: boolean; newlyDuplicate: boolean } {
    const entry = this.#entries.get(gateway);
    if (!entry) return { alternated: false, newlyDuplicate: false };
    const atMs = this.#monotonicMs();
    const wasDuplicate = hasDuplicate(entry.epochs, atMs);
    const before = entry.epochs.alternatedAtMs;
    const current = entry.epochs.current;
    entry.epochs = observeEpoch(entry.epochs, epoch, atMs);
    const alternated =
      current !== entry.epochs.current && entry.epochs.alternatedAtMs === atMs && before !== atMs;
    return { alternated, newlyDuplicate: !wasDuplicate && hasDuplicate(entry.epochs, atMs) };
  }

  /** Marks a gateway whose position was claimed by two different events. */
  markDuplicate(gateway: string): void {
    const entry = this.#entries.get(gateway);
    if (entry) entry.epochs = { ...entry.epochs, alternatedAtMs: this.#monotonicMs() };
  }

  status(gateway: string): GatewayStatus | undefined {
    const entry = this.#entries.get(gateway);
    const id = this.#gateways.find((known) => known === gateway);
    if (!entry || id === undefined) return undefined;
    const { state, clock, late } = entry;
    const sitePart = sitePartOf(entry);
    const errors = errorsOf(entry, this.#monotonicMs());
    return {
      site: this.#site,
      gateway: id,
      status: state?.status ?? 'unknown',
      since: entry.since,
      version: state?.version ?? null,
      clockOffsetMs: state?.clockOffsetMs ?? (clock.offsetMs === null ? null : 0 - clock.offsetMs),
      outboxDepth: state?.outboxDepth ?? null,
      devices: state?.devices ?? [],
      ...(errors[0] === undefined ? {} : { error: errors[0], errors }),
      ...(state?.clockSource === undefined ? {} : { clockSource: state.clockSource }),
      ...(late === 0 ? {} : { lateEvents: late }),
      ...(sitePart ? { sitePart } : {}),
      ...(entry.proof ? { proof: entry.proof } : {}),
      ...(state?.eventsRefused ? { eventsRefused: state.eventsRefused } : {}),
    };
  }

  all(): GatewayStatus[] {
    return this.#gateways.flatMap((gateway) => this.status(gateway) ?? []);
  }
}

/** What is wrong with the gateway as a whole: by what it says, and by what is seen from here. */
function errorsOf({ state, epochs, clock, proof }: Entry, monotonicMs: number): string[] {
  const errors = new Set<string>(hasDuplicate(epochs, monotonicMs) ? ['wire.duplicate_identity'] : []);
  if (state?.status !== 'online') return [...errors];
  for (const code of state.errors ?? []) errors.add(code);
  if (clock.offsetMs !== null && Math.abs(clock.offsetMs) > timePolicy.clockWrongAboveMs)
    errors.add('edge.clock_wrong');
  if (proof?.link === 'gateway') errors.add('canary.gateway');
  return [...errors];
}

/** Which version of its site part a gateway is told of, and which it says is in force. */
function sitePartOf({ state, announced }: Entry): GatewayStatus['sitePart'] {
  const said = state?.sitePart;
  if (!said && announced === undefined) return undefined;
  return {
    version: said?.version ?? null,
    ...(announced === undefined ? {} : { announced }),
    ...(said?.error === undefined ? {} : { error: said.error }),
  };
}

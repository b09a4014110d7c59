import type { ChainLink, ChainProof } from '@watchpost/contracts/api';
import { systemGateway } from '../health/loss-finding.ts';
import type { KnownCanaries } from '../store/canary-store.ts';
import { missingLink, type Passage } from './missing-link.ts';
import { type CanaryWishes, canaryPolicy } from './policy.ts';

/** A link of the chain that nothing comes over. */
export interface BrokenLink {
  readonly link: ChainLink;
  /** Whose canaries are missing, where it is one gateway’s; missing where the link is everybody’s. */
  readonly gateway?: string;
}

/** What {@link CanaryWatch} needs. */
export interface CanaryWatchOptions {
  readonly gateways: readonly string[];
  readonly policy: CanaryWishes;
  readonly monotonicMs: () => number;
  /** What the database knows; rejects while it is gone. */
  readonly read: () => Promise<readonly KnownCanaries[]>;
  /** Whether this service speaks for a gateway. */
  readonly holds: (gateway: string) => boolean;
  /** Whether a gateway is heard at all: otherwise it is lost, which is told apart from this. */
  readonly isHeard: (gateway: string) => boolean;
  /** Version that a gateway runs now; null before it has said so. */
  readonly versionOf: (gateway: string) => string | null;
  /** Sends a canary of this service itself. */
  readonly sendOwn: () => void;
  /** How long ago changes were passed on to streams for the last time, milliseconds. */
  readonly streamAgoMs: () => number;
  /** Told what is proven of a gateway, when that changes. */
  readonly proven: (gateway: string, proof: ChainProof) => void;
}

interface Sender extends Passage {
  readonly stored: string | undefined;
  readonly told: KnownCanaries['told'];
  readonly version: string | undefined;
  readonly everyMs: number;
  /** Since when canaries of it are expected. */
  readonly sinceMs: number | undefined;
}

/**
 * Follows canaries of a site through the whole chain, by what is written in the database and not by what
 * those who do the work say. What comes from a gateway that is lost, or of a version that sends none, is not
 * expected. Times are of a clock that nobody sets, so a restart begins anew and nothing is missing at once.
 */
export class CanaryWatch {
  readonly #options: CanaryWatchOptions;
  readonly #senders = new Map<string, Sender>();
  readonly #proofs = new Map<string, string>();
  #lookedMs: number | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;
  #broken: readonly BrokenLink[] = [];

  constructor(options: CanaryWatchOptions) {
    this.#options = options;
  }

  /** A canary came from the broker. */
  arrived(gateway: string): void {
    const known = this.#senders.get(gateway);
    if (known) this.#senders.set(gateway, { ...known, arrivedMs: this.#options.monotonicMs() });
  }

  /** What is broken, by the last look. */
  get broken(): readonly BrokenLink[] {
    return this.#broken;
  }

  /** Whether the server’s part of the chain is whole: a canary of this service itself came out in time. */
  get isServerWhole(): boolean {
    const { policy, monotonicMs } = this.#options;
    const { toldMs } = this.#senders.get(systemGateway) ?? {};
    const isFresh = toldMs !== undefined && monotonicMs() - toldMs <= this.#limitOf(policy.everyMs);
    return isFresh && this.#broken.every(({ link }) => link === 'gateway');
  }

  /** Looks once. Does not reject. */
  async look(): Promise<readonly BrokenLink[]> {
    const { policy, gateways, holds, monotonicMs } = this.#options;
    if (!policy.on) return [];
    this.#sendOwn();
    const known = await this.#read();
    const nowMs = monotonicMs();
    const stoodStill = nowMs - (this.#lookedMs ?? nowMs) > canaryPolicy.stoodStillMs;
    this.#lookedMs = nowMs;
    const names = [systemGateway, ...gateways];
    for (const name of names)
      this.#note(
        name,
        known?.find(({ gateway }) => gateway === name),
        nowMs,
        stoodStill,
      );
    const missing = new Map(
      names.flatMap((name) => {
        const link = this.#missing(name, nowMs);
        return link ? [[name, link] as const] : [];
      }),
    );
    this.#broken = this.#sort(missing);
    for (const gateway of gateways)
      this.#prove(gateway, holds(gateway) ? this.#shown(missing.get(gateway)) : undefined, nowMs);
    return this.#broken;
  }

  #sendOwn(): void {
    const { policy, holds, sendOwn, monotonicMs } = this.#options;
    if (!holds(systemGateway) || monotonicMs() - this.#sentMs < policy.everyMs) return;
    this.#sentMs = monotonicMs();
    sendOwn();
    this.arrived(systemGateway);
  }

  async #read(): Promise<readonly KnownCanaries[] | undefined> {
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), canaryPolicy.answersWithinMs).unref();
    });
    return Promise.race([this.#options.read().catch(() => undefined), late]);
  }

  #note(name: string, known: KnownCanaries | undefined, nowMs: number, stoodStill: boolean): void {
    const before = this.#senders.get(name);
    const { stored = before?.stored, version = before?.version, told = before?.told } = known ?? {};
    const everyMs = known?.everyMs ?? before?.everyMs ?? this.#options.policy.everyMs;
    const isExpected = this.#isExpected(name, version);
    this.#senders.set(name, {
      ...{ ...before, stored, told, version, everyMs },
      // What was there before the first look says nothing of now.
      ...(before && stored !== before.stored ? { storedMs: nowMs } : {}),
      ...(before && told?.id !== before.told?.id ? { toldMs: nowMs } : {}),
      sinceMs: !isExpected ? undefined : stoodStill ? nowMs : (before?.sinceMs ?? nowMs),
    });
  }

  /** One of another version than that which sent canaries may send none. */
  #isExpected(name: string, version: string | undefined): boolean {
    const { holds, isHeard, versionOf } = this.#options;
    if (!holds(name)) return false;
    if (name === systemGateway) return true;
    return version !== undefined && isHeard(name) && (versionOf(name) ?? version) === version;
  }

  #missing(name: string, nowMs: number): ChainLink | undefined {
    const sender = this.#senders.get(name);
    if (sender?.sinceMs === undefined) return undefined;
    return missingLink(sender, sender.sinceMs, this.#limitOf(sender.everyMs), nowMs);
  }

  #limitOf(everyMs: number): number {
    return everyMs * this.#options.policy.missed + canaryPolicy.slackMs;
  }

  /** What is missing of all is one link’s fault: of several gateways that of the broker. */
  #sort(missing: ReadonlyMap<string, ChainLink>): readonly BrokenLink[] {
    const { gateways, policy, streamAgoMs } = this.#options;
    const links = new Set<ChainLink>([...missing.values()].filter((link) => link !== 'gateway'));
    if (streamAgoMs() > this.#limitOf(policy.everyMs)) links.add('stream');
    const silent = gateways.filter((gateway) => missing.get(gateway) === 'gateway');
    const expected = gateways.filter((gateway) => this.#senders.get(gateway)?.sinceMs !== undefined);
    const isBroker = silent.length > 1 && silent.length === expected.length;
    if (isBroker) links.add('broker');
    return [
      ...[...links].map((link) => ({ link })),
      ...(isBroker ? [] : silent.map((gateway) => ({ link: 'gateway' as const, gateway }))),
    ];
  }

  #shown(link: ChainLink | undefined): ChainLink | undefined {
    return link === 'gateway' && this.#broken.some((one) => one.link === 'broker') ? 'broker' : link;
  }

  #prove(gateway: string, link: ChainLink | undefined, nowMs: number): void {
    const sender = this.#senders.get(gateway);
    const running = this.#options.versionOf(gateway);
    const at = sender?.told?.at;
    const isKnown = sender?.version !== undefined && (running ?? sender.version) === sender.version;
    const isFresh = sender?.toldMs !== undefined && nowMs - sender.toldMs <= this.#limitOf(sender.everyMs);
    const state = !isKnown ? 'none' : link ? 'missing' : isFresh ? 'proven' : 'waiting';
    const proof: ChainProof = { state, ...(at ? { at } : {}), ...(link ? { link } : {}) };
    const text = JSON.stringify(proof);
    if (this.#proofs.get(gateway) === text) return;
    this.#proofs.set(gateway, text);
    this.#options.proven(gateway, proof);
  }
}

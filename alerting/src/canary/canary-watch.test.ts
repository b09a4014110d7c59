import type { ChainProof } from '@watchpost/contracts/api';
import { beforeEach, expect, test } from 'vitest';
import { systemGateway } from '../health/loss-finding.ts';
import type { KnownCanaries } from '../store/canary-store.ts';
import { type BrokenLink, CanaryWatch } from './canary-watch.ts';

const everyMs = 60_000;
const policy = { on: true, everyMs, missed: 2 };

/** A chain whose links a test cuts; each gateway sends a canary a minute. */
class Chain {
  nowMs = 1_000_000;
  readonly cut = { gateway: false, store: false, senders: false, stream: false, reading: false };
  readonly silent = new Set<string>();
  readonly unheard = new Set<string>();
  readonly foreign = new Set<string>();
  versions: Readonly<Record<string, string>> = {};
  readonly rows = new Map<string, KnownCanaries>();
  readonly proofs = new Map<string, ChainProof>();
  readonly gateways: readonly string[];
  #count = 0;
  #streamMs = this.nowMs;
  watch: CanaryWatch;

  constructor(gateways: readonly string[]) {
    this.gateways = gateways;
    this.watch = this.restart();
  }

  restart(changed: Partial<typeof policy> = {}): CanaryWatch {
    this.watch = new CanaryWatch({
      gateways: this.gateways,
      policy: { ...policy, ...changed },
      monotonicMs: () => this.nowMs,
      read: async () => {
        if (this.cut.reading) throw new Error('gone');
        return [...this.rows.values()];
      },
      holds: (gateway) => !this.foreign.has(gateway),
      isHeard: (gateway) => !this.unheard.has(gateway),
      versionOf: (gateway) => this.versions[gateway] ?? '1',
      sendOwn: () => this.#store(systemGateway),
      streamAgoMs: () => this.nowMs - this.#streamMs,
      proven: (gateway, proof) => this.proofs.set(gateway, proof),
    });
    return this.watch;
  }

  #store(gateway: string): void {
    if (this.cut.store) return;
    this.#count += 1;
    const stored = String(this.#count);
    const told = { id: stored, at: new Date(this.nowMs).toISOString() };
    const before = this.rows.get(gateway)?.told;
    this.rows.set(gateway, {
      ...{ gateway, version: '1', everyMs, stored },
      told: this.cut.senders ? before : told,
    });
  }

  /** Lets time pass, ten seconds a look. */
  async pass(seconds: number): Promise<readonly BrokenLink[]> {
    let broken: readonly BrokenLink[] = [];
    for (let passed = 0; passed < seconds; passed += 10) {
      this.nowMs += 10_000;
      if (!this.cut.stream) this.#streamMs = this.nowMs;
      if (this.nowMs % everyMs === 0)
        for (const gateway of this.gateways) {
          if (this.cut.gateway || this.silent.has(gateway)) continue;
          this.watch.arrived(gateway);
          this.#store(gateway);
        }
      broken = await this.watch.look();
    }
    return broken;
  }
}

let chain: Chain;
beforeEach(() => {
  chain = new Chain(['edge1', 'edge2']);
});

test('20: while canaries come through nothing is missing, and the console says since when that is so', async () => {
  expect(await chain.pass(600)).toEqual([]);
  expect(chain.proofs.get('edge1')).toMatchObject({ state: 'proven', at: expect.any(String) });
  expect(chain.watch.isServerWhole).toBe(true);
});

test.each([
  ['gateway', [{ link: 'broker' }]],
  ['store', [{ link: 'store' }]],
  ['senders', [{ link: 'senders' }]],
  ['stream', [{ link: 'stream' }]],
  ['reading', [{ link: 'store' }]],
] as const)(
  '20: with the link %s cut, missed twice is said with the link, and over when it is back',
  async (link, said) => {
    await chain.pass(300);
    chain.cut[link] = true;
    expect(await chain.pass(80)).toEqual([]);
    expect(await chain.pass(100)).toEqual(said);
    chain.cut[link] = false;
    expect(await chain.pass(80)).toEqual([]);
  },
);

test('20: one gateway of two that sends none any more is named, and the server is whole', async () => {
  await chain.pass(300);
  chain.silent.add('edge2');
  expect(await chain.pass(180)).toEqual([{ link: 'gateway', gateway: 'edge2' }]);
  expect(chain.proofs.get('edge2')).toMatchObject({ state: 'missing', link: 'gateway' });
  expect(chain.proofs.get('edge1')).toMatchObject({ state: 'proven' });
  expect(chain.watch.isServerWhole).toBe(true);
});

test('a gateway that is lost is told as such and not twice; when it is heard again it has its time', async () => {
  await chain.pass(300);
  chain.silent.add('edge2');
  chain.unheard.add('edge2');
  expect(await chain.pass(600)).toEqual([]);
  expect(chain.proofs.get('edge2')).toMatchObject({ state: 'waiting' });
  chain.unheard.delete('edge2');
  expect(await chain.pass(120)).toEqual([]);
  expect(await chain.pass(60)).toEqual([{ link: 'gateway', gateway: 'edge2' }]);
});

test('of a gateway that never sent one, or runs another version than that which did, none is expected', async () => {
  chain.silent.add('edge2');
  expect(await chain.pass(600)).toEqual([]);
  expect(chain.proofs.get('edge2')).toEqual({ state: 'none' });
  chain.versions = { edge1: '0' };
  chain.silent.add('edge1');
  expect(await chain.pass(600)).toEqual([]);
  expect(chain.proofs.get('edge1')).toMatchObject({ state: 'none' });
});

test('after a restart, and after standing still, nothing is missing at once', async () => {
  await chain.pass(300);
  chain.cut.gateway = true;
  chain.restart();
  expect(await chain.pass(140)).toEqual([]);
  expect(await chain.pass(40)).toEqual([{ link: 'broker' }]);
  chain.nowMs += 3_600_000;
  expect(await chain.pass(130)).toEqual([]);
});

test('what another service speaks for is its affair; that it is proven is seen here as well', async () => {
  await chain.pass(300);
  chain.foreign.add('edge2');
  chain.silent.add('edge2');
  expect(await chain.pass(60)).toEqual([]);
  expect(chain.proofs.get('edge2')).toMatchObject({ state: 'proven' });
  expect(await chain.pass(600)).toEqual([]);
});

test('where the site wants no proof nothing is looked at', async () => {
  chain.restart({ on: false });
  chain.cut.store = true;
  expect(await chain.pass(600)).toEqual([]);
  expect(chain.proofs.size).toBe(0);
});

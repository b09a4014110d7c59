import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PassUse, PassUseAnswer } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { passUsePolicy } from '../policy.ts';
import { PassUses } from './pass-uses.ts';
import { RedemptionFile } from './redemption-file.ts';

const now = Date.UTC(2026, 10, 27, 8);
const claims = { iss: 'demo', jti: 'visit-1', aud: ['gate'], exp: now / 1000 + 3_600, maxUses: 3 };
const shown = (changed: object = {}, proof?: number) => ({
  ...{ claims: { ...claims, ...changed }, proof, gate: 'gate', atMs: now },
});

/** Counts as the server does: by the ids of uses. */
class Counter {
  readonly counted: PassUse[] = [];
  /** What happens to a question before and after it is counted. */
  fault: 'none' | 'away' | 'answer lost' | 'hangs' = 'none';

  async ask(use: PassUse, withinMs: number): Promise<PassUseAnswer> {
    if (this.fault === 'away') throw new Error('refused');
    if (this.fault === 'hangs')
      await new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), withinMs));
    const same = this.counted.filter(({ jti }) => jti === use.jti);
    const isKnown = same.some(({ id }) => id === use.id);
    const isOver = !isKnown && same.length >= use.maxUses;
    if (isOver && !use.taken) return { outcome: 'refused', reason: 'used_up' };
    if (!isKnown) this.counted.push(use);
    if (this.fault === 'answer lost') throw new Error('lost');
    const uses = this.counted.filter(({ jti }) => jti === use.jti).length;
    return { outcome: 'counted', uses, left: Math.max(0, use.maxUses - uses), over: isOver };
  }
}

let folder: string;
let counter: Counter;
const files: RedemptionFile[] = [];
const running: PassUses[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-pass-uses-'));
  counter = new Counter();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  for (const one of files.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

function gateway(name = 'edge1') {
  const file = new RedemptionFile({ path: join(folder, `${name}.sqlite`) });
  const uses = new PassUses({
    ledger: () => file,
    ask: (use, withinMs) => counter.ask(use, withinMs),
    nowMs: () => now,
    log: pino({ level: 'silent' }),
  });
  files.push(file);
  running.push(uses);
  return { file, uses };
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const outcome = async (uses: PassUses, one = shown()) => {
  const result = await uses.redeem(one);
  return result.outcome === 'redeemed' ? `left ${result.left}` : result.reason;
};

describe('with an answer of the server', () => {
  it('a pass is good as often as it says, over all gateways', async () => {
    const [one, two] = [gateway('edge1').uses, gateway('edge2').uses];
    expect([await outcome(one), await outcome(two), await outcome(one), await outcome(two)]).toEqual([
      ...['left 2', 'left 1', 'left 0', 'pass.used_up'],
    ]);
  });

  it('a refusal is final, whatever this gateway remembers', async () => {
    const { uses, file } = gateway();
    counter.ask = async () => ({ outcome: 'refused', reason: 'revoked' });
    expect(await outcome(uses)).toBe('pass.revoked');
    expect(file.size).toBe(0);
  });
});

describe.each(['away', 'hangs'] as const)('while the server is %s', (fault) => {
  it('a pass is good once at this gateway, and never again after uses that were counted here', async () => {
    const { uses } = gateway();
    counter.fault = fault;
    expect([await outcome(uses), await outcome(uses)]).toEqual(['left 0', 'pass.used_up']);
    counter.fault = 'none';
    const other = shown({ jti: 'visit-2' });
    expect(await outcome(uses, other)).toBe('left 2');
    counter.fault = fault;
    expect(await outcome(uses, other)).toBe('pass.used_up');
  });

  it('a pass for one use is taken where it names this gate alone', async () => {
    const { uses } = gateway();
    counter.fault = fault;
    expect(await outcome(uses, shown({ maxUses: 1, aud: ['gate', 'ramp'] }))).toBe('pass.wrong_audience');
    expect(await outcome(uses, shown({ maxUses: 1 }))).toBe('left 0');
    expect(await outcome(uses, shown({ jti: 'visit-2', aud: ['gate', 'ramp'] }))).toBe('left 0');
  });
});

describe('after the server was away', () => {
  it('what was let in is told, also after a restart, once, and what was too many too', async () => {
    const { uses, file } = gateway();
    counter.fault = 'away';
    expect(await outcome(uses, shown({ maxUses: 1 }))).toBe('left 0');
    await uses.stop();
    file.close();
    files.splice(0);
    counter.fault = 'none';
    // Meanwhile it was used up elsewhere.
    await outcome(gateway('edge2').uses, shown({ maxUses: 1 }));
    const again = gateway('edge1');
    again.uses.start();
    await until(() => expect(counter.counted).toHaveLength(2));
    expect(counter.counted[1]).toMatchObject({ taken: true, gate: 'gate', at: new Date(now).toISOString() });
    await until(() => expect(again.file.toTell()).toEqual([]));
    again.uses.start();
    await again.uses.stop();
    expect(counter.counted).toHaveLength(2);
  });

  it('what nobody takes keeps nothing else from being told, and is told for ever', async () => {
    const { uses, file } = gateway();
    counter.fault = 'away';
    for (let n = 0; n < passUsePolicy.toldAtOnce + 2; n++) await outcome(uses, shown({ jti: `visit-${n}` }));
    counter.fault = 'none';
    const count = counter.ask.bind(counter);
    counter.ask = async (use, withinMs) => {
      if (use.jti !== `visit-${passUsePolicy.toldAtOnce + 1}`) throw new Error('refused');
      return count(use, withinMs);
    };
    uses.start();
    await until(() => expect(counter.counted).toHaveLength(1));
    counter.ask = count;
    await until(() => expect(file.toTell()).toEqual([]));
    expect(counter.counted).toHaveLength(passUsePolicy.toldAtOnce + 2);
  });

  it('a use whose answer was lost counts once, let in or not', async () => {
    const { uses } = gateway();
    counter.fault = 'answer lost';
    expect(await outcome(uses)).toBe('left 0');
    uses.start();
    counter.fault = 'none';
    await until(() => expect(counter.counted.some(({ taken }) => taken)).toBe(false));
    expect(counter.counted).toHaveLength(1);
    // Counted, lost, and not let in because it was used here already: the next question is the same one.
    counter.fault = 'answer lost';
    expect(await outcome(uses)).toBe('pass.used_up');
    expect(counter.counted).toHaveLength(2);
    counter.fault = 'none';
    expect(await outcome(uses)).toBe('left 1');
    expect(counter.counted).toHaveLength(2);
    expect(await outcome(uses)).toBe('left 0');
  });

  it('two gates do not share the count of one question that was lost', async () => {
    const { uses } = gateway();
    counter.fault = 'away';
    await outcome(uses);
    counter.fault = 'answer lost';
    await outcome(uses);
    counter.fault = 'none';
    const both = await Promise.all([outcome(uses), outcome(uses)]);
    expect(new Set(counter.counted.map(({ id }) => id)).size).toBe(counter.counted.length);
    expect(both.filter((one) => one.startsWith('left')).length).toBeLessThanOrEqual(2);
    expect(counter.counted.length).toBeGreaterThanOrEqual(2);
  });

  it('no more is let in than can wait to be told', async () => {
    const { uses, file } = gateway();
    counter.fault = 'away';
    const full = vi.spyOn(file, 'redeemAlone');
    full.mockImplementation(() => {
      throw Object.assign(new Error('full'), { code: 'edge.ledger_unusable' });
    });
    await expect(uses.redeem(shown())).rejects.toMatchObject({ code: 'edge.ledger_unusable' });
    expect(passUsePolicy.waiting).toBeGreaterThan(0);
  });
});

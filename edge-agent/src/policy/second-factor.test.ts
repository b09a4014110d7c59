import type { Policy } from '@watchpost/contracts/wire';
import { describe, expect, it } from 'vitest';
import { AcceptedPasses, demandedFactor } from './second-factor.ts';

const policy = (secondFactor: 'none' | 'pass' | 'guard') => ({ access: { secondFactor } }) as Policy;

describe('demandedFactor', () => {
  it('is a guard where nobody said otherwise and no certified check exists', () => {
    expect(demandedFactor(null, false)).toBe('guard');
    expect(demandedFactor({} as Policy, false)).toBe('guard');
  });

  it('is what the policy says, which cannot waive it without a certified check', () => {
    expect(demandedFactor(policy('pass'), false)).toBe('pass');
    expect(demandedFactor(policy('none'), false)).toBe('guard');
    expect(demandedFactor(policy('none'), true)).toBe('none');
    expect(demandedFactor(policy('guard'), true)).toBe('guard');
    expect(demandedFactor(null, true)).toBe('none');
  });
});

describe('AcceptedPasses', () => {
  it('counts for half a minute, in its zone, and not backwards', () => {
    const passes = new AcceptedPasses();
    passes.note('gate', 100_000);
    expect(passes.covers('gate', 130_000)).toBe(true);
    expect(passes.covers('gate', 130_001)).toBe(false);
    expect(passes.covers('gate', 99_999)).toBe(false);
    expect(passes.covers('hall', 110_000)).toBe(false);
    // Where the site sets another time.
    expect([104_999, 105_001].map((atMs) => passes.covers('gate', atMs, 5_000))).toEqual([true, false]);
  });
});

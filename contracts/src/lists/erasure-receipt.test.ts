import { describe, expect, it } from 'vitest';
import { erasureProgress, galleryRecordSchema, permitContentSchema } from './index.ts';

const at = '2026-11-01T00:00:00.000Z';
const holderIds = Array.from(
  { length: 20 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
const holder = (index: number, revoked: string | null = null) => ({
  ...{ holder: holderIds[index], gateway: `gw-${index}`, serial: 'AB', keys: null, since: at, revoked },
});
const receipt = (index: number) => ({ holder: holderIds[index], gateway: `gw-${index}`, at });
const recordOf = (revoked: readonly number[], said: readonly number[], settled: string | null = null) =>
  galleryRecordSchema.parse({
    version: 1,
    holders: holderIds.map((_, index) => holder(index, revoked.includes(index) ? at : null)),
    erasures: [{ entry: 'entry-7', since: at, receipts: said.map(receipt), settled }],
    rekey: [],
  });

describe('how far an erasure has come', () => {
  it('counts receipts of all that have or had the gallery', () => {
    const said = holderIds.map((_, index) => index).slice(2);
    expect(erasureProgress(recordOf([], said), 'entry-7')).toEqual({
      ...{ receipts: 18, of: 20, settled: false },
      waitingFor: ['gw-0', 'gw-1'],
    });
  });
  it('does not wait for one that is shut out, and does not count it as done', () => {
    const said = holderIds.map((_, index) => index).slice(2);
    expect(erasureProgress(recordOf([0], said), 'entry-7')).toMatchObject({ receipts: 18, of: 19 });
    expect(erasureProgress(recordOf([2], said), 'entry-7')).toMatchObject({ receipts: 18, of: 20 });
  });
  it('of one that is settled does not change with whoever comes later', () => {
    expect(erasureProgress(recordOf([], [0, 1], at), 'entry-7')).toEqual({
      ...{ receipts: 2, of: 2, settled: true, waitingFor: [] },
    });
  });
  it('of what nobody asked for is unknown', () => {
    expect(erasureProgress(recordOf([], []), 'entry-8')).toBeUndefined();
  });
});

it('a permit’s content takes ids and digests alone', () => {
  const content = {
    gallery: null,
    withdrawn: ['entry-7'],
    erase: [{ entry: 'entry-8', since: at }],
    revokedPasses: [],
  };
  expect(permitContentSchema.parse(content)).toEqual(content);
  for (const change of [{ gallery: 'x' }, { withdrawn: ['a b'] }, { erase: ['entry-8'] }, { label: 'Ada' }])
    expect(permitContentSchema.safeParse({ ...content, ...change }).success).toBe(false);
});

import { erasureProgress, type GalleryRecord } from '@watchpost/contracts/lists';
import { describe, expect, it } from 'vitest';
import {
  emptyRecord,
  withErasures,
  withHolder,
  withKeysInUse,
  withoutOlder,
  withReceipts,
  withSettled,
  withShutOut,
} from './record-steps.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const keys = (letter: string) => letter.repeat(64);
const folder = (number: number, gateway = `gw-${number}`) => ({
  ...{ holder: `00000000-0000-4000-8000-00000000000${number}`, gateway, serial: `A${number}` },
});
const erase = (record: GalleryRecord, since = day(2)) =>
  withSettled(withErasures(record, [{ entry: 'e1', since } as never]), since);
const say = (record: GalleryRecord, number: number) =>
  withSettled(withReceipts(record, folder(number), ['e1'], day(3)), day(3));
const two = [1, 2].reduce(
  (record, number) => withHolder(record, { ...folder(number), keys: keys('a') }, day(1)),
  emptyRecord,
);
const settledOf = (record: GalleryRecord) => record.erasures[0]?.settled;

describe('an erasure', () => {
  it('is settled once every folder that had the gallery has said so', () => {
    const asked = erase(two);
    expect(settledOf(asked)).toBeNull();
    expect(settledOf(say(asked, 1))).toBeNull();
    expect(settledOf(say(say(asked, 1), 2))).toBe(day(3));
  });
  it('said twice is said once', () => {
    const once = say(erase(two), 1);
    expect(say(once, 1)).toBe(once);
    expect(erase(once)).toBe(once);
  });
  it('waits for a folder that comes while it is under way, such as a new disk of the same gateway', () => {
    const replaced = withHolder(erase(two), folder(3, 'gw-1'), day(2));
    expect(settledOf(say(say(replaced, 1), 2))).toBeNull();
    expect(erasureProgress(say(say(replaced, 1), 2), 'e1')).toMatchObject({ receipts: 2, of: 3 });
  });
  it('is done at once where nobody ever had the gallery', () => {
    expect(settledOf(erase(emptyRecord))).toBe(day(2));
  });
  it('that is asked for again later begins anew', () => {
    const done = say(say(erase(two), 1), 2);
    expect(settledOf(erase(done, day(4)))).toBeNull();
    const underWay = say(erase(two), 1);
    expect(erase(underWay, day(4))).toBe(underWay);
  });
  it('that nobody asked for is not made up by a receipt', () => {
    expect(withReceipts(two, folder(1), ['e1'], day(3))).toBe(two);
  });
});

describe('a gateway that is shut out', () => {
  const out = (record: GalleryRecord) => withShutOut(record, (gateway) => gateway === 'gw-2', day(5));
  it('is not waited for, and its keys are to be changed until they are others', () => {
    const shut = out(erase(two));
    expect(settledOf(say(shut, 1))).toBe(day(3));
    expect(shut.rekey).toEqual([{ gateway: 'gw-2', since: day(5), keys: keys('a') }]);
    expect(withKeysInUse(shut, keys('a')).rekey).toHaveLength(1);
    expect(withKeysInUse(shut, undefined).rekey).toHaveLength(1);
    expect(withKeysInUse(shut, keys('b')).rekey).toEqual([]);
    expect(out(shut)).toBe(shut);
  });
  it('that never fetched keys leaked none', () => {
    expect(out(withHolder(emptyRecord, folder(2), day(1))).rekey).toEqual([]);
  });
  it('and comes back is waited for again; its keys stay leaked', () => {
    const back = withHolder(out(erase(two)), { ...folder(2), serial: 'B2' }, day(6));
    expect(settledOf(say(back, 1))).toBeNull();
    expect(back.rekey).toHaveLength(1);
  });
});

it('what was done long ago is forgotten, what is open never', () => {
  const done = say(say(erase(two), 1), 2);
  expect(withoutOlder(done, day(3))).toBe(done);
  expect(withoutOlder(done, day(4)).erasures).toEqual([]);
  expect(withoutOlder(erase(two), day(30)).erasures).toHaveLength(1);
  expect(withoutOlder(two, day(30)).holders).toHaveLength(2);
});

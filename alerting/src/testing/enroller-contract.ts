import { randomUUID } from 'node:crypto';
import type { ListEntryRecord } from '@watchpost/contracts/lists';
import { entryIdSchema, siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import type { Enroller } from '../governance/enroller.ts';

/** Pictures for {@link enrollerContract}. */
export interface ContractPhotos {
  /** Usable ones of two different people. */
  readonly people: readonly [Uint8Array, Uint8Array];
  /** One that nothing can be made of. */
  readonly unusable: Uint8Array;
}

const site = siteIdSchema.parse('site-a');
const newEntry = () => entryIdSchema.parse(randomUUID());

const recordOf = (entry: ListEntryRecord['entry']): ListEntryRecord => ({
  ...{ entry, list: 'access', legalBasis: 'contract', authority: 'owner', purpose: 'entry' },
  area: [zoneIdSchema.parse('hall')],
  expires: '2027-01-01T00:00:00.000Z',
  approvals: [{ by: 'anna', at: '2026-11-27T00:00:00.000Z' }],
});

/** What every {@link Enroller} keeps to. */
export function enrollerContract(open: () => Promise<{ enroller: Enroller; photos: ContractPhotos }>): void {
  test('a photo is usable, or there is a code that says why not', async () => {
    const { enroller, photos } = await open();
    expect(await enroller.examine(site, photos.people[0])).toMatchObject({ usable: true });
    const bad = await enroller.examine(site, photos.unusable);
    expect(bad).toMatchObject({ usable: false, code: expect.any(String) });
  });

  test('what was used can be seen as JPEG, until the entry is removed', async () => {
    const { enroller, photos } = await open();
    const entry = newEntry();
    const made = await enroller.enrol(site, entry, [photos.unusable, photos.people[0]]);
    expect(made).toMatchObject({ used: 1, refused: [{ index: 0 }], duplicates: [] });
    expect([...(await enroller.photo(site, entry, 0)).subarray(0, 2)]).toEqual([0xff, 0xd8]);
    await expect(enroller.photo(site, entry, 1)).rejects.toMatchObject({ code: 'api.not_found' });
    const elsewhere = siteIdSchema.parse('site-b');
    await expect(enroller.photo(elsewhere, entry, 0)).rejects.toMatchObject({ code: 'api.not_found' });
    await enroller.remove(site, entry);
    await enroller.remove(site, entry);
    await expect(enroller.photo(site, entry, 0)).rejects.toMatchObject({ code: 'api.not_found' });
  });

  test('photos of which none is usable change nothing', async () => {
    const { enroller, photos } = await open();
    const entry = newEntry();
    await enroller.enrol(site, entry, [photos.people[0]]);
    expect(await enroller.enrol(site, entry, [photos.unusable])).toMatchObject({ used: 0 });
    expect((await enroller.photo(site, entry, 0)).length).toBeGreaterThan(0);
    await enroller.remove(site, entry);
  });

  test('a face that is enrolled on the site already is found, another is not', async () => {
    const { enroller, photos } = await open();
    const [first, again, other] = [newEntry(), newEntry(), newEntry()];
    await enroller.enrol(site, first, [photos.people[0]]);
    expect((await enroller.enrol(site, again, [photos.people[0]])).duplicates).toEqual([
      { entry: first, likeness: 'same' },
    ]);
    expect((await enroller.enrol(site, other, [photos.people[1]])).duplicates).toEqual([]);
    for (const entry of [first, again, other]) await enroller.remove(site, entry);
  });

  test('the same records give the same gallery, others another', async () => {
    const { enroller, photos } = await open();
    const [one, two] = [newEntry(), newEntry()];
    await enroller.enrol(site, one, [photos.people[0]]);
    await enroller.enrol(site, two, [photos.people[1]]);
    const both = await enroller.compile(site, [recordOf(one), recordOf(two)]);
    expect(both.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await enroller.compile(site, [recordOf(two), recordOf(one)])).toEqual(both);
    expect(await enroller.compile(site, [recordOf(one)])).not.toEqual(both);
    for (const entry of [one, two]) await enroller.remove(site, entry);
  });

  test('new keys give another gallery of the same people', async () => {
    const { enroller, photos } = await open();
    const entry = newEntry();
    await enroller.enrol(site, entry, [photos.people[0]]);
    const before = await enroller.compile(site, [recordOf(entry)]);
    expect(await enroller.rekey(site)).toMatchObject({ lost: [] });
    expect(await enroller.compile(site, [recordOf(entry)])).not.toEqual(before);
    await enroller.remove(site, entry);
  });
}

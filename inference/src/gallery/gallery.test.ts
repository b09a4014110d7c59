import { createRandom } from '@watchpost/service/testing/damage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitLength } from '../face/embed.ts';
import type { GalleryEntry } from './entry.ts';
import { Gallery } from './gallery.ts';
import { decodeGallery, encodeGallery } from './gallery-codec.ts';
import { protectTemplate, unprotectTemplate } from './protect-template.ts';
import { dotAt } from './search.ts';
import { createTemplateTransform } from './template-transform.ts';

const keys = { deploymentKey: new Uint8Array(32).fill(1), transformKey: new Uint8Array(32).fill(2) };
const others = { deploymentKey: new Uint8Array(32).fill(3), transformKey: new Uint8Array(32).fill(4) };
const entry = (entryId: string, more: Partial<GalleryEntry> = {}): GalleryEntry => ({
  entryId,
  list: 'watch',
  expiresAt: 1000,
  ...more,
});
/** Directions of length 8 from integers, so that shrinking works. */
const direction = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: 8, maxLength: 8 })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => Float32Array.from(values));
const unit = (vector: Float32Array) => unitLength(vector)!;

describe('Gallery', () => {
  it('finds the same entry as a plain loop, with and without a transform', () => {
    fc.assert(
      fc.property(
        fc.array(direction, { minLength: 1, maxLength: 20 }),
        direction,
        fc.boolean(),
        (rows, query, turned) => {
          const gallery = new Gallery({
            dimension: 8,
            ...(turned ? { transformKey: keys.transformKey } : {}),
          });
          for (const [i, row] of rows.entries()) gallery.add(entry(`e${i}`), row);
          const cosines = rows.map((row) => dotAt(unit(row), 0, unit(query)));
          const found = gallery.match(query, 0)!;
          expect(found.cosine).toBeCloseTo(Math.max(...cosines), 4);
          expect(cosines[Number(found.entry.entryId.slice(1))]).toBeCloseTo(found.cosine, 4);
        },
      ),
    );
  });

  it.each([2, 17, 100, 128, 512])('finds the nearest of 3,000 in %d dimensions', (dimension) => {
    const random = createRandom(dimension);
    const vector = () => Float32Array.from({ length: dimension }, () => random() - 0.5);
    const gallery = new Gallery({ dimension });
    const rows = Array.from({ length: 3000 }, vector);
    for (const [i, row] of rows.entries()) gallery.add(entry(`e${i}`), row);
    for (let run = 0; run < 5; run++) {
      const query = vector();
      const cosines = rows.map((row) => dotAt(unit(row), 0, unit(query)));
      const found = gallery.match(query, 0)!;
      expect(found.cosine).toBeCloseTo(Math.max(...cosines), 5);
      expect(found.entry.entryId).toBe(`e${cosines.indexOf(Math.max(...cosines))}`);
    }
  });

  it('behaves like a map under add, replace and remove', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(direction));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const gallery = new Gallery({ dimension: 8 });
        const model = new Map<string, Float32Array>();
        for (const [id, vector] of steps) {
          if (vector) {
            gallery.add(entry(id), vector);
            model.set(id, vector);
          } else expect(gallery.remove(id)).toBe(model.delete(id));
        }
        expect(
          gallery
            .entries()
            .map(({ entryId }) => entryId)
            .sort(),
        ).toEqual([...model.keys()].sort());
        for (const [id, vector] of model)
          expect(dotAt(gallery.transformed(id)!, 0, unit(vector))).toBeCloseTo(1, 4);
      }),
    );
  });

  it('matches nothing at and after expiry, and nothing outside its areas', () => {
    const gallery = new Gallery({ dimension: 8 });
    const vector = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    gallery.add(entry('a', { areas: ['gate'] }), vector);
    expect(gallery.match(vector, 999, 'gate')?.entry.entryId).toBe('a');
    expect(gallery.match(vector, 1000, 'gate')).toBeNull();
    expect(gallery.match(vector, 999, 'yard')).toBeNull();
    expect(gallery.match(vector, 999)).toBeNull();
    expect(gallery.match(vector, Number.NaN, 'gate')).toBeNull();
    expect(gallery.removeExpired(1000)).toEqual(['a']);
    expect(gallery.size).toBe(0);
  });

  it('prefers a farther valid entry to a nearer expired one', () => {
    const gallery = new Gallery({ dimension: 2 });
    gallery.add(entry('expired', { expiresAt: 1 }), Float32Array.of(1, 0));
    gallery.add(entry('valid'), Float32Array.of(1, 1));
    expect(gallery.match(Float32Array.of(1, 0), 500)).toMatchObject({ entry: { entryId: 'valid' } });
  });

  it.each([
    ['wrong length', new Float32Array(7).fill(1)],
    ['zero', new Float32Array(8)],
    ['NaN', new Float32Array(8).fill(Number.NaN)],
    ['infinite', new Float32Array(8).fill(Number.POSITIVE_INFINITY)],
  ])('refuses templates and queries that are %s', (_, vector) => {
    const gallery = new Gallery({ dimension: 8 });
    expect(() => gallery.add(entry('a'), vector)).toThrow(
      expect.objectContaining({ code: 'inference.template_invalid' }),
    );
    expect(() => gallery.match(vector, 0)).toThrow(
      expect.objectContaining({ code: 'inference.template_invalid' }),
    );
    expect(gallery.size).toBe(0);
  });

  it('takes over another one between two matches, with its transform, and nothing is left of before', () => {
    const axis = (index: number) => Float32Array.from({ length: 8 }, (_, i) => (i === index ? 1 : 0));
    const held = new Gallery({ dimension: 8, transformKey: keys.transformKey });
    held.add(entry('old'), axis(0));
    const next = new Gallery({ dimension: 8, transformKey: others.transformKey });
    next.add(entry('new'), axis(1));
    held.takeOver(next);
    expect(held.match(axis(1), 0)?.entry.entryId).toBe('new');
    expect([held.size, next.size, held.transformed('old')]).toEqual([1, 0, null]);
    expect(held.match(axis(0), 0)?.cosine).toBeLessThan(0.9);
    held.takeOver(new Gallery({ dimension: 4 }));
    expect([held.dimension, held.size, held.match(Float32Array.of(1, 0, 0, 0), 0)]).toEqual([4, 0, null]);
  });
  it('finds duplicates', async () => {
    const gallery = new Gallery({ dimension: 2 });
    gallery.add(entry('a'), Float32Array.of(1, 0));
    gallery.add(entry('b'), Float32Array.of(0, 1));
    gallery.add(entry('c'), Float32Array.of(0.99, 0.01));
    expect(await gallery.duplicates(0.9)).toMatchObject([{ a: 'a', b: 'c' }]);
  });

  it('looks for one person twice without holding up others', async () => {
    const gallery = new Gallery({ dimension: 2 });
    for (let i = 0; i < 2000; i++) gallery.add(entry(`e${i}`), Float32Array.of(Math.cos(i), Math.sin(i)));
    let turns = 0;
    let done = false;
    const others = (async () => {
      for (; !done; turns++) await new Promise((resolve) => setImmediate(resolve));
    })();
    await gallery.duplicates(2);
    done = true;
    await others;
    expect(turns).toBeGreaterThan(10);
  });
});

describe('the template transform', () => {
  it('keeps cosines, can be undone, and another key gives unrelated directions', () => {
    const transform = createTemplateTransform(keys.transformKey, 8);
    fc.assert(
      fc.property(direction, direction, (a, b) => {
        const kept = dotAt(unit(transform.apply(unit(a))), 0, unit(transform.apply(unit(b))));
        expect(kept).toBeCloseTo(dotAt(unit(a), 0, unit(b)), 4);
        expect(dotAt(transform.invert(transform.apply(unit(a))), 0, unit(a))).toBeCloseTo(1, 4);
      }),
    );
    const vector = unit(Float32Array.from({ length: 512 }, (_, i) => Math.sin(i * i)));
    const mine = createTemplateTransform(keys.transformKey, 512).apply(vector);
    const theirs = createTemplateTransform(others.transformKey, 512).apply(vector);
    expect(Math.abs(dotAt(mine, 0, theirs))).toBeLessThan(0.2);
    expect(Math.abs(dotAt(mine, 0, vector))).toBeLessThan(0.2);
  });
});

describe('protected templates', () => {
  const vector = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i * i));
  it('come back with both keys and the same context only', () => {
    const sealed = protectTemplate(vector, keys, 'entry-1');
    expect(dotAt(unprotectTemplate(sealed, keys, 'entry-1'), 0, unit(vector))).toBeCloseTo(1, 4);
    expect(() => unprotectTemplate(sealed, keys, 'entry-2')).toThrow();
    expect(() =>
      unprotectTemplate(sealed, { ...keys, deploymentKey: others.deploymentKey }, 'entry-1'),
    ).toThrow();
    const revoked = unprotectTemplate(sealed, { ...keys, transformKey: others.transformKey }, 'entry-1');
    expect(Math.abs(dotAt(unit(revoked), 0, unit(vector)))).toBeLessThan(0.2);
  });
});

describe('a gallery on disk', () => {
  const gallery = new Gallery({ dimension: 8, transformKey: keys.transformKey });
  gallery.add(
    entry('a', { label: 'Made-up Name', areas: ['gate'] }),
    Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  );
  gallery.add(entry('b', { list: 'access' }), Float32Array.of(8, 7, 6, 5, 4, 3, 2, 1));
  const bytes = encodeGallery(gallery, keys);

  it('comes back whole', () => {
    const again = decodeGallery(bytes, keys);
    expect(again.entries()).toEqual(gallery.entries());
    expect(again.match(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, 'gate')).toMatchObject({
      entry: { entryId: 'a' },
    });
  });

  it('shows neither labels nor templates', () => {
    expect(Buffer.from(bytes).includes('Made-up')).toBe(false);
    expect(Buffer.from(bytes).includes('entryId')).toBe(false);
  });

  it('is refused with another key, cut short or with any bit changed', () => {
    const invalid = expect.objectContaining({ code: 'inference.template_invalid' });
    expect(() => decodeGallery(bytes, { ...keys, deploymentKey: others.deploymentKey })).toThrow(invalid);
    expect(() => decodeGallery(bytes, { ...keys, transformKey: others.transformKey })).toThrow(invalid);
    expect(() => encodeGallery(gallery, others)).toThrow(invalid);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ mask : byte));
        expect(() => decodeGallery(changed, keys)).toThrow(invalid);
        expect(() => decodeGallery(bytes.subarray(0, at), keys)).toThrow(invalid);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editsBetween, isSame, touchedByBoth } from './edits-between.ts';
import { type Fields, withValue } from './file-value.ts';

const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
const key = fc.constantFrom('a', 'b', 'c');
const entry: fc.Arbitrary<Fields> = fc.letrec((tie) => ({
  node: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf, tie('node')), { maxKeys: 3 }),
})).node as fc.Arbitrary<Fields>;

it('leads from any entry to any other', () => {
  fc.assert(
    fc.property(entry, entry, (before, after) => {
      const edits = editsBetween(before, after, []);
      const made = edits.reduce((value, { path, value: next }) => withValue(value, path, next), before);
      expect(isSame(made, after)).toBe(true);
    }),
  );
});

it('touches nothing that is the same, and a list as a whole', () => {
  const before = { id: 'a', name: { en: 'A', 'zh-CN': '甲' }, at: [1, 2], gone: true };
  const after = { id: 'a', name: { en: 'B', 'zh-CN': '甲' }, at: [1, 3] };
  expect(editsBetween(before, after, ['devices', 4])).toEqual([
    { path: ['devices', 4, 'name', 'en'], value: 'B' },
    { path: ['devices', 4, 'at'], value: [1, 3] },
    { path: ['devices', 4, 'gone'] },
  ]);
});

it('says what two changes both touch, above and below each other too', () => {
  const mine = [
    { path: ['connect', 'url'], value: 'x' },
    { path: ['zone'], value: 'y' },
  ];
  const theirs = [{ path: ['connect'] }, { path: ['zones'], value: 1 }];
  expect(touchedByBoth(mine, theirs)).toEqual(['/connect/url']);
});

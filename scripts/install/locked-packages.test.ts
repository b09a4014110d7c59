import { expect, it } from 'vitest';
import { type LockedPackages, neededPlaces } from './locked-packages.ts';

const locked: LockedPackages = {
  'node_modules/a': { dependencies: { b: '1', c: '1' } },
  'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
  'node_modules/b': {},
  'node_modules/c': { peerDependencies: { d: '1', e: '1' }, peerDependenciesMeta: { e: { optional: true } } },
  'node_modules/d': {},
  'node_modules/e': {},
  'node_modules/native': { optionalDependencies: { 'native-linux': '1', 'native-mac': '1', broken: '1' } },
  'node_modules/native-linux': {},
  'node_modules/native-mac': {},
  'node_modules/broken': { dependencies: { d: '1', nowhere: '1' } },
  'node_modules/overridden': { link: true },
  'node_modules/photos': { dependencies: { overridden: '1', e: '1' } },
  'ours/node_modules/c': {},
  'node_modules/tools': {},
};
const places = (from: string, name: string, absent: readonly string[] = []) =>
  neededPlaces(
    locked,
    [{ from, name }],
    (place) => !absent.includes(place),
    (each) => each === 'photos',
  );

it('a package comes with what it needs, from where Node finds it, and with its peers', () => {
  expect(places('ours', 'a')).toEqual([
    ...['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/d'],
  ]);
  expect(places('ours', 'c')).toEqual(['ours/node_modules/c']);
});

it('of what is optional comes what is there and whole', () => {
  expect(places('ours', 'native', ['node_modules/native-mac'])).toEqual([
    ...['node_modules/native', 'node_modules/native-linux'],
  ]);
});

it('what is needed and not there is named', () => {
  expect(() => places('ours', 'a', ['node_modules/d'])).toThrow('node_modules/d');
  expect(() => places('ours', 'unheard-of')).toThrow('unheard-of');
});

it('where only files are used nothing is followed, and overridden names are nobody’s', () => {
  expect(places('ours', 'photos')).toEqual(['node_modules/photos']);
  expect(places('ours', 'overridden')).toEqual([]);
});

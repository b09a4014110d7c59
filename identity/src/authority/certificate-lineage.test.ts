import { expect, test } from 'vitest';
import { type LineageRow, withDescendants } from './certificate-lineage.ts';

const row = (serial: string, more: Partial<LineageRow> = {}): LineageRow => ({
  ...{
    serial,
    gateway: 'gw1',
    parent: null,
    keySha256: `key ${serial}`,
    issuedMs: Number.parseInt(serial, 36),
  },
  isRenewal: more.parent !== undefined,
  ...more,
});
const found = (rows: LineageRow[], ...serials: string[]) => [...withDescendants(rows, serials)].toSorted();

test('renewals and their renewals descend, brothers and parents do not', () => {
  const rows = [
    row('a'),
    row('b', { parent: 'a' }),
    row('c', { parent: 'b' }),
    row('d', { parent: 'a' }),
    row('e'),
  ];
  expect(found(rows, 'b')).toEqual(['b', 'c']);
  expect(found(rows, 'a')).toEqual(['a', 'b', 'c', 'd']);
  expect(found(rows, 'e')).toEqual(['e']);
});

test('whatever has the same key goes too, the parent included, with what descends from it', () => {
  const rows = [
    row('a', { keySha256: 'k' }),
    row('b', { parent: 'a', keySha256: 'k' }),
    row('c', { parent: 'a' }),
  ];
  expect(found(rows, 'b')).toEqual(['a', 'b', 'c']);
});

test('a renewal without a parent on record descends from every earlier certificate of its gateway', () => {
  const rows = [
    row('a'),
    row('b', { parent: null, isRenewal: true }),
    row('c', { parent: null, isRenewal: true, gateway: 'gw2' }),
  ];
  expect(found(rows, 'a')).toEqual(['a', 'b']);
  expect(found(rows, 'b')).toEqual(['b']);
});

test('of a certificate that is not on record the recorded renewals go too', () => {
  expect(found([row('a'), row('b', { parent: 'x' })], 'x')).toEqual(['b', 'x']);
});

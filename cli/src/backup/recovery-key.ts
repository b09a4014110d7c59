import { randomBytes } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';

/** Crockford’s Base32: no letter that is easily read as another or as a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const prefix = 'WPR1';
const keyBytes = 32;
/** Groups of four characters (20 bits) and one that checks them: 13 hold 260 bits, the last four are zero. */
const groups = 13;
const valuesInGroup = 4;

/** A recovery key: 32 random bytes, the only thing that opens the archives of a server. */
export type RecoveryKey = Uint8Array;

export const newRecoveryKey = (): RecoveryKey => randomBytes(keyBytes);

/** Twice a value in GF(32), x⁵ + x² + 1. */
const doubled = (value: number): number => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;

/**
 * What checks a group: a polynomial over its place and values in GF(32), so that one wrong character, two
 * neighbours that changed places, and two groups that did are all found.
 */
function checkOf(group: number, values: readonly number[]): number {
  return doubled([group + 1, ...values].reduce((sum, value) => doubled(sum) ^ value, 0));
}

/** The key as it is shown to a person and written down: `WPR1-` and 13 groups of five. */
export function formatRecoveryKey(key: RecoveryKey): string {
  let bits = 0n;
  for (const byte of key) bits = (bits << 8n) | BigInt(byte);
  bits <<= 4n;
  const all = Array.from({ length: groups * valuesInGroup }, (_, at) =>
    Number((bits >> BigInt(5 * (groups * valuesInGroup - 1 - at))) & 31n),
  );
  const texts = Array.from({ length: groups }, (_, group) => {
    const values = all.slice(group * valuesInGroup, (group + 1) * valuesInGroup);
    return [...values, checkOf(group, values)].map((value) => alphabet[value]).join('');
  });
  return [prefix, ...texts].join('-');
}

/**
 * Reads what a person typed: in any case, with or without dashes and spaces.
 * @throws WatchpostError `backup.key_form`, with the number of the first group that is wrong
 */
export function parseRecoveryKey(text: string): RecoveryKey {
  const plain = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replace(/^WPR[1IL]/, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (plain.length !== groups * (valuesInGroup + 1))
    throw new WatchpostError('backup.key_form', {
      details: { expected: groups * (valuesInGroup + 1), found: plain.length },
    });
  let bits = 0n;
  for (let group = 0; group < groups; group++) {
    const part = plain.slice(group * (valuesInGroup + 1), (group + 1) * (valuesInGroup + 1));
    const values = [...part].map((character) => alphabet.indexOf(character));
    const data = values.slice(0, valuesInGroup);
    if (values.includes(-1) || values[valuesInGroup] !== checkOf(group, data)) throw wrongGroup(group);
    for (const value of data) bits = (bits << 5n) | BigInt(value);
  }
  if ((bits & 15n) !== 0n) throw wrongGroup(groups - 1);
  return Buffer.from((bits >> 4n).toString(16).padStart(keyBytes * 2, '0'), 'hex');
}

const wrongGroup = (group: number): WatchpostError =>
  new WatchpostError('backup.key_form', { details: { group: group + 1 } });

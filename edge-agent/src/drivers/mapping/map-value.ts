import type { Mapping } from '@watchpost/contracts/site';
import { jsonAt } from './json-value.ts';

/** What a mapping is for: something that is on or off, or something that is measured. */
export type Quantity = 'switch' | 'number';

/** Words that mean on and off everywhere, in small letters; others need `values`. */
const words: Readonly<Record<string, boolean>> = {
  on: true,
  off: false,
  true: true,
  false: false,
  '1': true,
  '0': false,
};

/**
 * The value that a message carries, by a mapping. `before` is the last switch value, which `hysteresis`
 * needs.
 * @returns null when the message does not carry a value that the mapping understands
 */
export function mapValue(
  message: unknown,
  mapping: Mapping,
  quantity: Quantity,
  before: boolean | null,
): boolean | number | null {
  const raw = jsonAt(message, mapping.pointer);
  const value = mapping.values ? listed(raw, mapping.values) : raw;
  if (quantity === 'number') return scaled(numberOf(value), mapping);
  const on = switchOf(value, mapping, before);
  return on === null ? null : on !== mapping.invert;
}

function listed(raw: unknown, values: NonNullable<Mapping['values']>): unknown {
  const word = typeof raw === 'object' ? null : String(raw).trim();
  return word !== null && Object.hasOwn(values, word) ? values[word] : null;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  // `Number` takes blanks for 0 and knows hexadecimal; a measured value is neither.
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value))
    return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function scaled(number: number | null, { scale, offset }: Mapping): number | null {
  if (number === null) return null;
  const result = number * scale + offset;
  return Number.isFinite(result) ? result : null;
}

function switchOf(value: unknown, mapping: Mapping, before: boolean | null): boolean | null {
  const { above, below, hysteresis, invert } = mapping;
  if (above === undefined && below === undefined) {
    if (typeof value === 'boolean') return value;
    if (value === 1 || value === 0) return value === 1;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
    return Object.hasOwn(words, word) ? (words[word] ?? null) : null;
  }
  const number = scaled(numberOf(value), mapping);
  if (number === null) return null;
  // What was said before was said after `invert`.
  const slack = before !== null && before !== invert ? hysteresis : 0;
  return above === undefined ? number < (below ?? 0) + slack : number > above - slack;
}

import { type Mapping, mappingSchema } from '@watchpost/contracts/site';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonAt, messageValue } from './json-value.ts';
import { mapValue } from './map-value.ts';

const mapping = (input: object = {}): Mapping => mappingSchema.parse(input);
const switched = (message: unknown, input: object = {}, before: boolean | null = null) =>
  mapValue(message, mapping(input), 'switch', before);
const measured = (message: unknown, input: object = {}) => mapValue(message, mapping(input), 'number', null);
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

describe('a JSON pointer', () => {
  // The examples of RFC 6901 §5.
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7 };
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/m~0n', 8],
    ['/ ', 7],
    ['/foo/00', undefined],
    ['/foo/-', undefined],
    ['/foo/2', undefined],
    ['/foo/length', undefined],
    ['/constructor', undefined],
    ['/foo/0/0', undefined],
  ])('%j finds %j', (pointer, value) => expect(jsonAt(document, pointer)).toEqual(value));

  it('finds whatever stands at the end of a path, and nothing beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), fc.jsonValue(), (path, leaf) => {
        const message = path.reduceRight<unknown>(
          (inner, name) => ({ ...JSON.parse('{}'), [name]: inner }),
          leaf,
        );
        fc.pre(!path.includes('__proto__'));
        const pointer = path.map((name) => `/${escaped(name)}`).join('');
        expect(jsonAt(message, pointer)).toEqual(leaf);
        expect(jsonAt(message, `${pointer}/no such name`)).toBeUndefined();
      }),
    );
  });

  it.each(['contact', '/a~2', '/a~'])('%j is none', (pointer) => {
    expect(mappingSchema.safeParse({ pointer }).success).toBe(false);
  });
});

describe('what is on or off', () => {
  it.each([
    [true, true],
    [0, false],
    [' ON ', true],
    ['False', false],
    ['1', true],
    [2, null],
    ['open', null],
    [null, null],
    [{}, null],
    ['', null],
  ])('%j is %j', (raw, value) => {
    expect(switched(raw)).toBe(value);
    expect(switched({ deep: [{ state: raw }] }, { pointer: '/deep/0/state' })).toBe(value);
    expect(switched(raw, { invert: true })).toBe(value === null ? null : !value);
  });

  it('has the words that are listed, and no other', () => {
    const values = { OPEN: true, CLOSED: false, '7': true };
    expect(
      ['OPEN', 'CLOSED', 7, 'on', true, 'constructor', {}].map((raw) => switched(raw, { values })),
    ).toEqual([...[true, false, true], ...[null, null, null, null]]);
  });

  it('is above or below a number, and stays so within the hysteresis', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.integer({ min: -150, max: 150 }), { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        (limit, hysteresis, numbers, isAbove, invert) => {
          const input = { ...(isAbove ? { above: limit } : { below: limit }), hysteresis, invert };
          let before: boolean | null = null;
          for (const number of numbers) {
            const over = isAbove ? number > limit : number < limit;
            const within = Math.abs(number - limit) < hysteresis;
            const value = switched(number, input, before);
            const wasOn: boolean = before !== null && before !== invert;
            expect(value).toBe((over || (within && wasOn)) !== invert);
            before = value as boolean;
          }
        },
      ),
    );
  });

  it('refuses a mapping that says two things', () => {
    for (const input of [{ above: 1, below: 2 }, { hysteresis: 1 }, { scale: 0 }, { debounceMs: -1 }])
      expect(mappingSchema.safeParse(input).success).toBe(false);
  });
});

describe('what is measured', () => {
  it('is a number, scaled', () => {
    expect(measured('23.5')).toBe(23.5);
    expect(measured({ t: 235 }, { pointer: '/t', scale: 0.1 })).toBeCloseTo(23.5);
    expect(measured(212, { scale: 5 / 9, offset: -160 / 9 })).toBeCloseTo(100);
    expect(measured('low', { values: { low: 5 } })).toBe(5);
  });

  it.each([
    [''],
    ['  '],
    ['0x10'],
    ['1,5'],
    ['NaN'],
    [Number.POSITIVE_INFINITY],
    [null],
    [true],
    [[1]],
    ['1e999'],
  ])('is not %j', (raw) => expect(measured(raw)).toBeNull());

  it('is finite or nothing, whatever comes and however it is mapped; nothing throws', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.double({ noNaN: true }).filter((scale) => scale !== 0),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom('', '/a', '/0'),
        (message, scale, offset, pointer) => {
          fc.pre(Number.isFinite(scale));
          const value = measured(message, { scale, offset, pointer });
          expect(value === null || Number.isFinite(value)).toBe(true);
          const on = switched(message, { pointer });
          expect(on === null || typeof on === 'boolean').toBe(true);
        },
      ),
    );
  });
});

it('a message that is no JSON is its text', () => {
  expect(messageValue(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
  expect(messageValue(Buffer.from('OPEN'))).toBe('OPEN');
  expect(messageValue(Buffer.from([0xff, 0xfe]))).toBe('\ufffd\ufffd');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf, candidateOf, oneIn } from './candidate-of.ts';
import { expectedIn } from './expectation-recorder.ts';
import { findingOf } from './threshold-report.ts';

describe('a candidate', () => {
  it.each([
    [0.41, 'near'],
    [0.4749, 'near'],
    [0.475, 'clear'],
    [0.5399, 'clear'],
    [0.54, 'strong'],
    [0.9, 'strong'],
  ] as const)('at cosine %d over a limit of 0.41 is %s', (cosine, band) => {
    expect(bandOf({ cosine, threshold: 0.41 })).toBe(band);
  });

  it('is none where an alert is about something else, or says too little', () => {
    const details = { list: 'watch', cosine: 0.5, threshold: 0.4, entry: 'e' };
    expect(candidateOf({ eventType: 'watchpost.line.crossed.v1', details })).toBeUndefined();
    const face = 'watchpost.face.candidate.v1';
    expect(candidateOf({ eventType: face, details: { ...details, list: 'other' } })).toBeUndefined();
    expect(candidateOf({ eventType: face, details: { list: 'watch', cosine: 0.5 } })).toBeUndefined();
    expect(candidateOf({ eventType: face, details })).toMatchObject({ entry: 'e', confidence: undefined });
  });

  it('says no rarer rate than anybody measured, and nothing that is no rate', () => {
    expect([oneIn(1e-4), oneIn(0), oneIn(1e-9), oneIn(1), oneIn(undefined), oneIn(Number.NaN)]).toEqual([
      ...[10_000, 100_000, 100_000, 1, null, null],
    ]);
  });
});

describe('what a camera’s numbers say', () => {
  it.each([
    [2, 0, 'too_few'],
    [3, undefined, 'no_expectation'],
    [3, 0.5, 'above'],
    [3, 3, 'as_expected'],
    [14, 10, 'as_expected'],
    [17, 10, 'above'],
  ] as const)('%d refused beside %s expected: %s', (refused, expected, finding) => {
    expect(findingOf(refused, expected)).toBe(finding);
  });

  it('is never worse for a larger expectation', () => {
    const rate = fc.double({ min: 0, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(fc.nat(1_000), rate, rate, (refused, one, more) => {
        if (findingOf(refused, one) !== 'above') expect(findingOf(refused, one + more)).not.toBe('above');
      }),
    );
  });
});

it('what is expected is shared between the lists by their entries, of gateways that are there', () => {
  const status = (gateway: string, is: 'online' | 'offline', expectedFalsePerDay: number) =>
    ({
      ...{ gateway, status: is },
      devices: [
        { device: `${gateway}-cam`, faces: { gallery: 10, peoplePerDay: 100, expectedFalsePerDay } },
        { device: `${gateway}-door` },
      ],
    }) as never;
  const shares = new Map([
    ['watch', 0.25],
    ['access', 0.75],
  ] as const);
  const time = { site: 's', day: '2026-11-27', elapsedMs: 6 * 3_600_000 };
  const found = expectedIn([status('a', 'online', 8), status('b', 'offline', 8)], shares, time);
  expect(found).toEqual([
    { site: 's', device: 'a-cam', list: 'watch', day: '2026-11-27', false_candidates: 0.5, seconds: 21_600 },
    { site: 's', device: 'a-cam', list: 'access', day: '2026-11-27', false_candidates: 1.5, seconds: 21_600 },
  ]);
  // A server without lists of its own: all of it is of watch lists that somebody else made.
  expect(expectedIn([status('a', 'online', 8)], new Map(), time)).toMatchObject([
    { list: 'watch', false_candidates: 2 },
  ]);
});

import { describe, expect, it } from 'vitest';
import type { FaceObservation } from '../face/observation.ts';
import { Gallery } from '../gallery/gallery.ts';
import { confidenceOf, expectedFalseCandidates, falseMatchRateAt } from './calibration.ts';
import { createFaceTracker } from './face-tracker.ts';

const quality = {
  sizePx: 100,
  sharpness: 0.8,
  poseYaw: 0,
  posePitch: 0,
  poseRoll: 0,
  exposure: 1,
  occlusion: 0,
  overall: 0.9,
  pass: true,
  reason: null,
};
const axis = (i: number) => Float32Array.from({ length: 8 }, (_, k) => (k === i ? 1 : 0));
const origin = { x: 0, y: 0 };
function face(
  x: number,
  embedding: Float32Array | null,
  reason: 'blur' | 'size' | null = null,
): FaceObservation {
  return {
    box: { x, y: 50, width: 80, height: 100 },
    score: 1,
    points: [origin, origin, origin, origin, origin],
    quality: { ...quality, pass: embedding !== null, reason },
    embedding,
    liveness: null,
  };
}
function setUp(options: Partial<Parameters<typeof createFaceTracker>[0]> = {}) {
  const gallery = new Gallery({ dimension: 8 });
  gallery.add({ entryId: 'ada', list: 'watch', expiresAt: 1e6 }, axis(0));
  gallery.add({ entryId: 'bob', list: 'access', expiresAt: 1e6 }, axis(1));
  const tracker = createFaceTracker({ gallery, threshold: 0.41, falseMatchRate: 1e-4, ...options });
  return { gallery, tracker };
}

describe('a track', () => {
  it('speaks once, after three good frames', () => {
    const { tracker } = setUp();
    const spoken = [0, 1, 2, 3, 4, 5].map((i) => tracker.update([face(10 * i, axis(0))], 100 * i));
    expect(spoken.map((decisions) => decisions.length)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(spoken[2]![0]).toMatchObject({
      kind: 'candidate',
      entryId: 'ada',
      list: 'watch',
      votes: 3,
      frames: 3,
      capturedAt: 200,
    });
    expect(spoken[2]![0]).toMatchObject({ threshold: 0.41, falseMatchRate: 1e-4, cosine: 1 });
  });

  it('says nothing about strangers, with no trace of the face', () => {
    const { tracker } = setUp();
    const [decision] = [0, 1, 2].flatMap((i) => tracker.update([face(0, axis(5))], i * 100));
    expect(decision).toEqual({ kind: 'nothing', trackId: 't1', frames: 3, capturedAt: 200 });
  });

  it('speaks again when the decision changes', () => {
    const { tracker, gallery } = setUp();
    const kinds = Array.from({ length: 60 }, (_, i) => {
      if (i === 10) gallery.remove('ada');
      return tracker.update([face(0, axis(0))], i * 100);
    }).flatMap((decisions) => decisions.map(({ kind }) => kind));
    expect(kinds).toEqual(['candidate', 'nothing']);
  });

  it('survives a short gap and ends after a long one', () => {
    const { tracker } = setUp();
    for (const at of [0, 100, 200]) tracker.update([face(0, axis(0))], at);
    expect(tracker.update([], 900)).toEqual([]);
    expect(tracker.update([face(20, axis(0))], 1600)).toEqual([]);
    tracker.update([], 9000);
    expect(tracker.size).toBe(0);
  });

  it('is outvoted by better frames, not by the count of poor ones', () => {
    const { tracker } = setUp();
    const poor = { ...face(0, axis(1)), quality: { ...quality, overall: 0.1 } };
    const mixed = Float32Array.of(0.7, 0.72, 0, 0, 0, 0, 0, 0);
    const decisions = [
      poor,
      { ...poor, embedding: mixed },
      face(0, Float32Array.of(0.72, 0.7, 0, 0, 0, 0, 0, 0)),
    ];
    expect(decisions.flatMap((one, i) => tracker.update([one], i * 100))).toMatchObject([{ entryId: 'ada' }]);
  });

  it('abstains with the main reason when no frame was good, at the latest when it ends', () => {
    const { tracker } = setUp();
    const early = Array.from({ length: 8 }, (_, i) =>
      tracker.update([face(0, null, i < 3 ? 'size' : 'blur')], i * 100),
    );
    expect(early.flat()).toMatchObject([{ kind: 'abstain', reason: 'blur', frames: 8 }]);
    const late = setUp().tracker;
    for (const at of [0, 100, 200]) late.update([face(0, null, 'size')], at);
    expect(late.update([], 5000)).toMatchObject([{ kind: 'abstain', reason: 'size', frames: 3 }]);
  });

  it('keeps two people apart who cross each other', () => {
    const { tracker } = setUp();
    const all = Array.from({ length: 11 }, (_, i) =>
      tracker.update([face(30 * i, axis(0)), face(300 - 30 * i, axis(1))], i * 100),
    ).flat();
    expect(all).toMatchObject([
      { entryId: 'ada', trackId: 't1' },
      { entryId: 'bob', trackId: 't2' },
    ]);
    expect(tracker.size).toBe(2);
  });

  it('does not hand a track to another person who stands at its place', () => {
    const { tracker } = setUp();
    for (const at of [0, 100, 200]) tracker.update([face(100, axis(0))], at);
    const spoken = [300, 400, 500].flatMap((at) => tracker.update([face(100, axis(1))], at));
    expect(spoken).toMatchObject([{ kind: 'candidate', entryId: 'bob', trackId: 't2', votes: 3 }]);
  });

  it('matches an entry in its areas alone, and says in which of them', () => {
    const { tracker, gallery } = setUp({ area: ({ x }) => (x < 100 ? 'hall' : 'vault') });
    gallery.remove('ada');
    gallery.add({ entryId: 'ada', list: 'watch', expiresAt: 1e6, areas: ['hall'] }, axis(0));
    const walk = (xs: readonly number[], from = 0) =>
      xs.flatMap((x, i) => tracker.update([face(x, axis(0))], from + i * 100));
    expect(walk([150, 160, 170, 180])).toMatchObject([{ kind: 'nothing' }]);
    tracker.update([], 9_000);
    // Two votes in the hall; the third frame, in the vault, cannot be one for her.
    expect(walk([70, 90, 110, 130], 10_000)).toMatchObject([
      { kind: 'candidate', entryId: 'ada', votes: 2, area: 'hall', box: { x: 110 } },
    ]);
    expect(
      walk(
        Array.from({ length: 8 }, () => 130),
        20_000,
      ).at(-1)?.kind,
    ).toBe('nothing');
    tracker.update([], 30_000);
    const blind = Array.from({ length: 8 }, (_, i) =>
      tracker.update([face(130, null, 'blur')], 40_000 + i * 100),
    );
    expect(blind.flat()).toMatchObject([{ kind: 'abstain', area: 'vault' }]);
  });

  it('keeps its memory bounded over 100,000 frames', () => {
    const { tracker } = setUp();
    for (let i = 0; i < 100_000; i++)
      tracker.update(i % 7 === 0 ? [] : [face((i * 37) % 1900, axis(i % 8))], i * 40);
    expect(tracker.size).toBeLessThan(60);
  });

  it('starts afresh when the clock steps back', () => {
    const { tracker } = setUp();
    tracker.update([face(0, axis(0))], 1000);
    tracker.update([face(0, axis(0))], 0);
    expect(tracker.size).toBe(1);
    expect(tracker.update([face(0, axis(0))], 100)).toEqual([]);
  });

  it('abstains as a spoof only where the policy asks for liveness', () => {
    const fake = { ...face(0, axis(0)), liveness: 0.1 };
    const frames = Array.from({ length: 8 }, (_, i) => i * 100);
    expect(
      frames.flatMap((at) =>
        setUp({ minLiveness: 0.5, minFrames: 1, abstainFrames: 1 }).tracker.update([fake], at),
      )[0],
    ).toMatchObject({
      kind: 'abstain',
      reason: 'spoof',
    });
    expect(setUp({ minFrames: 1 }).tracker.update([fake], 0)).toMatchObject([
      { kind: 'candidate', liveness: 0.1 },
    ]);
  });

  it('tells the mean liveness of its frames, and nothing where it was not judged', () => {
    const live = setUp({ minFrames: 2 }).tracker;
    live.update([{ ...face(0, axis(0)), liveness: 0.2 }], 0);
    expect(live.update([{ ...face(0, axis(0)), liveness: 0.8 }], 100)).toMatchObject([{ liveness: 0.5 }]);
    expect(setUp({ minFrames: 1 }).tracker.update([face(0, axis(0))], 0)).toMatchObject([{ liveness: null }]);
  });
});

describe('calibration', () => {
  const measured = [
    { cosine: 0.333, falseMatchRate: 1e-3 },
    { cosine: 0.41, falseMatchRate: 1e-4 },
    { cosine: 0.475, falseMatchRate: 1e-5 },
  ];
  it('passes through the measured points, falls with cosine and stays within 1e-9 … 1', () => {
    for (const { cosine, falseMatchRate } of measured)
      expect(falseMatchRateAt(cosine, measured)).toBeCloseTo(falseMatchRate, 9);
    let last = 2;
    for (let cosine = -1; cosine <= 1; cosine += 0.01) {
      const rate = falseMatchRateAt(cosine, measured);
      expect(rate).toBeLessThanOrEqual(last);
      expect(rate).toBeGreaterThanOrEqual(1e-9);
      expect(rate).toBeLessThanOrEqual(1);
      last = rate;
    }
    expect(falseMatchRateAt(0.41, [measured[1]!])).toBeCloseTo(1e-4, 9);
  });
  it('counts the gallery in', () => {
    expect(confidenceOf(1e-4, 10_000)).toBeCloseTo(Math.exp(-1), 3);
    expect(expectedFalseCandidates(1e-4, 100, 1000)).toBeCloseTo(9.95, 1);
  });
});

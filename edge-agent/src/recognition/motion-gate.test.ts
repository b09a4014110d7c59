import type { Frame } from '@watchpost/inference';
import { expect, test } from 'vitest';
import { seenCells } from '../tamper/cell-grid.ts';
import { MotionGate, WorkPlan } from './motion-gate.ts';
import { motionPolicySchema } from './policy.ts';

const motion = motionPolicySchema.parse({});

function frame(grey: number, square?: { x: number; grey: number }): Frame {
  const [width, height] = [320, 180];
  const data = new Uint8Array(width * height * 3).fill(grey);
  if (square)
    for (let y = 60; y < 120; y++)
      data.fill(square.grey, (y * width + square.x) * 3, (y * width + square.x + 60) * 3);
  return { width, height, data, capturedAt: 0 };
}

const settled = () => {
  const gate = new MotionGate(motion);
  for (let i = 0; i < 5; i++) gate.observe(frame(100));
  return gate;
};

test('an empty scene does not move; a person coming in does', () => {
  expect(settled().observe(frame(100))).toBe(0);
  expect(settled().observe(frame(100, { x: 100, grey: 160 }))).toBeGreaterThan(11);
});

test('a lamp switched on is not movement', () => {
  expect(settled().observe(frame(150))).toBe(0);
});

const leftHalf = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
] as const;
/** With its left half blanked, as the decoder does it. */
const masked = (of: Frame): Frame => {
  const data = Uint8Array.from(of.data, (value, i) => (Math.floor(i / 3) % of.width < 165 ? 128 : value));
  return { ...of, data };
};

test('a lamp switched on beside a large mask is not movement either', () => {
  const gate = new MotionGate(motion, seenCells([leftHalf]));
  for (let i = 0; i < 5; i++) gate.observe(masked(frame(100)));
  expect(gate.observe(masked(frame(150)))).toBe(0);
  expect(gate.observe(masked(frame(150, { x: 220, grey: 210 })))).toBeGreaterThan(11);
});

test('the site says how much movement counts', () => {
  const faint = { x: 100, grey: 104 };
  const gate = new MotionGate({ ...motion, cellChange: 3 });
  for (let i = 0; i < 5; i++) gate.observe(frame(100));
  expect(gate.observe(frame(100, faint))).toBeGreaterThan(11);
  expect(settled().observe(frame(100, faint))).toBe(0);
  expect(new WorkPlan({ cells: 59 }).decide(0, 58, false).faces).toBe(false);
  expect(new WorkPlan({ cells: 58 }).decide(0, 58, false).faces).toBe(true);
});

test('what stays becomes background', () => {
  const gate = settled();
  for (let i = 0; i < 200; i++) gate.observe(frame(100, { x: 100, grey: 160 }));
  expect(gate.observe(frame(100, { x: 100, grey: 160 }))).toBe(0);
});

test('without movement there is no work; after it work goes on for two seconds', () => {
  const plan = new WorkPlan(motion);
  expect(plan.decide(0, 0, false)).toEqual({ faces: false, codes: 'none' });
  expect(plan.decide(100, 58, false)).toEqual({ faces: true, codes: 'thorough' });
  expect(plan.decide(200, 0, false)).toEqual({ faces: true, codes: 'none' });
  expect(plan.decide(300, 0, false)).toEqual({ faces: true, codes: 'quick' });
  expect(plan.decide(2200, 0, false)).toEqual({ faces: false, codes: 'none' });
});

test('somebody who stands still is looked at now and then', () => {
  const plan = new WorkPlan(motion);
  const looks = Array.from({ length: 100 }, (_, i) => plan.decide(10_000 + i * 100, 0, true).faces);
  expect(looks.filter(Boolean).length).toBe(25);
});

test('a clock set back does not stop the work', () => {
  const plan = new WorkPlan(motion);
  plan.decide(1_000_000, 58, false);
  expect(plan.decide(1000, 58, false)).toEqual({ faces: true, codes: 'thorough' });
});

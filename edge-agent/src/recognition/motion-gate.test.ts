import type { Frame } from '@watchpost/inference';
import { expect, test } from 'vitest';
import { MotionGate, WorkPlan } from './motion-gate.ts';

function frame(grey: number, square?: { x: number; grey: number }): Frame {
  const [width, height] = [320, 180];
  const data = new Uint8Array(width * height * 3).fill(grey);
  if (square)
    for (let y = 60; y < 120; y++)
      data.fill(square.grey, (y * width + square.x) * 3, (y * width + square.x + 60) * 3);
  return { width, height, data, capturedAt: 0 };
}

const settled = () => {
  const gate = new MotionGate();
  for (let i = 0; i < 5; i++) gate.observe(frame(100));
  return gate;
};

test('an empty scene does not move; a person coming in does', () => {
  expect(settled().observe(frame(100))).toBe(0);
  expect(settled().observe(frame(100, { x: 100, grey: 160 }))).toBeGreaterThan(0.02);
});

test('a lamp switched on is not movement', () => {
  expect(settled().observe(frame(150))).toBe(0);
});

test('what stays becomes background', () => {
  const gate = settled();
  for (let i = 0; i < 200; i++) gate.observe(frame(100, { x: 100, grey: 160 }));
  expect(gate.observe(frame(100, { x: 100, grey: 160 }))).toBe(0);
});

test('without movement there is no work; after it work goes on for two seconds', () => {
  const plan = new WorkPlan();
  expect(plan.decide(0, 0, false)).toEqual({ faces: false, codes: 'none' });
  expect(plan.decide(100, 0.1, false)).toEqual({ faces: true, codes: 'thorough' });
  expect(plan.decide(200, 0, false)).toEqual({ faces: true, codes: 'none' });
  expect(plan.decide(300, 0, false)).toEqual({ faces: true, codes: 'quick' });
  expect(plan.decide(2200, 0, false)).toEqual({ faces: false, codes: 'none' });
});

test('somebody who stands still is looked at now and then', () => {
  const plan = new WorkPlan();
  const looks = Array.from({ length: 100 }, (_, i) => plan.decide(10_000 + i * 100, 0, true).faces);
  expect(looks.filter(Boolean).length).toBe(25);
});

test('a clock set back does not stop the work', () => {
  const plan = new WorkPlan();
  plan.decide(1_000_000, 0.1, false);
  expect(plan.decide(1000, 0.1, false)).toEqual({ faces: true, codes: 'thorough' });
});

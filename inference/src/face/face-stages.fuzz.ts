import { createRandom } from '@watchpost/service/testing/damage';
import { describe, expect, it } from 'vitest';
import type { OnnxModel } from '../models/open-session.ts';
import { alignment } from './align.ts';
import { unitLength } from './embed.ts';
import { ibug68ToFive } from './ibug68.ts';
import { livenessOf } from './liveness.ts';
import { judgeQuality } from './quality.ts';

const runs = Number(process.env.WATCHPOST_FUZZ_RUNS ?? 100_000);
const random = createRandom(20_261_124);
/** Numbers as a broken model may give them. */
const odd = () =>
  [random(), -random() * 9, 1e30, -1e30, Number.NaN, Infinity, 0, 5e-324][Math.floor(random() * 8)] ?? 0;

describe(`${runs} odd outputs of models`, () => {
  it('as landmarks give an alignment of finite numbers or none', () => {
    let aligned = 0;
    for (let i = 0; i < runs; i++) {
      const sane = random() < 0.3;
      const output = Float32Array.from({ length: random() < 0.1 ? 10 : 136 }, () =>
        sane ? random() : odd(),
      );
      const map = alignment(ibug68ToFive(output));
      if (!map) continue;
      aligned++;
      if (!Object.values(map).every(Number.isFinite)) expect(map).toBe('finite');
    }
    expect(aligned).toBeGreaterThan(runs / 10);
  });

  it('as embeddings give a direction or none', () => {
    for (let i = 0; i < runs; i++) {
      const unit = unitLength(Float32Array.from({ length: 8 }, odd));
      if (unit && !(Math.abs(Math.hypot(...unit) - 1) < 1e-4)) expect(unit).toBe('of length 1');
    }
  });

  it('as boxes and points give a quality of 0 … 1 and a verdict', () => {
    const luma = new Float32Array(112 * 112);
    for (let i = 0; i < runs; i++) {
      if (i % 1000 === 0) luma.set(Float32Array.from(luma, () => random() * 255));
      const point = () => ({ x: odd(), y: odd() });
      const box = { x: odd(), y: odd(), width: odd(), height: odd() };
      const { overall, pass, reason } = judgeQuality(
        box,
        [point(), point(), point(), point(), point()],
        luma,
      );
      if (pass !== (reason === null)) expect(reason).toBe(pass);
      if (pass && !(overall > 0 && overall <= 1)) expect(overall).toBe('0 … 1');
    }
  });

  it('as liveness give 0 … 1 or nothing', async () => {
    let output = new Float32Array();
    const input = { name: 'input', width: 4, height: 4, fit: 'stretch', colour: 'BGR', mean: 0, scale: 1 };
    const model = {
      manifest: { input },
      input: new Float32Array(3 * 4 * 4),
      run: async () => new Map([['output', output]]),
    } as unknown as OnnxModel;
    const frame = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3), capturedAt: 0 };
    let judged = 0;
    for (let i = 0; i < runs; i++) {
      output = Float32Array.from({ length: Math.floor(random() * 5) }, random() < 0.5 ? random : odd);
      const box =
        random() < 0.5
          ? { x: 4, y: 4, width: 6, height: 6 }
          : { x: odd(), y: odd(), width: odd(), height: odd() };
      const live = await livenessOf(model, frame, box);
      if (live === null) continue;
      judged++;
      if (!(live >= 0 && live <= 1)) expect(live).toBe('0 … 1');
    }
    expect(judged).toBeGreaterThan(runs / 10);
    expect(judged).toBeLessThan(runs);
  });
});

import { medianMs } from './median-time.ts';
import { type ModelSet, type ModelSetOptions, openModelSet } from './open-model-set.ts';
import type { OnnxModel } from './open-session.ts';

/** How fast one model runs on this machine, on one thread. */
export interface ModelTiming {
  readonly name: string;
  readonly task: OnnxModel['manifest']['task'];
  /** Width × height of the picture that went in. */
  readonly input: string;
  /** Median wall time of one bare `session.run`, ms. */
  readonly runMs: number;
  /** Runs behind the median. */
  readonly times: number;
}

/** What a letterboxed detector is timed with: its size depends on the frame. */
const letterboxed = { width: 640, height: 480 };

/** The models of a set that a frame passes, in that order. */
export function modelsOf({ detector, landmarks, recogniser, liveness }: ModelSet): OnnxModel[] {
  return [detector, landmarks, recogniser, liveness].filter((model) => model !== null);
}

/**
 * Times every model of the set, one after another; liveness too when it is chosen. @throws as `openModelSet`
 */
export async function benchModels(options: ModelSetOptions, times: number): Promise<ModelTiming[]> {
  const models = await openModelSet(options);
  const timings: ModelTiming[] = [];
  for (const model of modelsOf(models)) timings.push(await timingOf(model, times));
  await models.close();
  return timings;
}

async function timingOf(model: OnnxModel, times: number): Promise<ModelTiming> {
  const { name, task, input } = model.manifest;
  const size = model.input.length > 0 ? { width: input.width, height: input.height } : letterboxed;
  const pixels = model.input.length > 0 ? model.input : new Float32Array(3 * size.width * size.height);
  const runMs = await medianMs(times, 10, () => model.run(pixels, size));
  return { name, task, input: `${size.width}×${size.height}`, runMs, times };
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type ModelManifest, modelManifest } from './manifest.ts';
import { InferenceSession, Tensor } from './onnx-runtime.ts';

const require = createRequire(import.meta.url);
/** Where the manifests of this package are. */
export const manifestFolder = new URL('../../models/', import.meta.url);

/**
 * Raw outputs by name, in the model's own order (exported names are often bare numbers, which an object would
 * sort).
 */
export type ModelOutputs = ReadonlyMap<string, Float32Array>;

/** A verified model. `input` is written before each `run`; runs must not overlap. */
export interface OnnxModel {
  readonly manifest: ModelManifest;
  /** sha256 of the file, hex. */
  readonly digest: string;
  /**
   * Planes of one picture of the manifest's size; empty for letterboxed inputs, whose size depends on the
   * frame.
   */
  readonly input: Float32Array;
  /** Outputs by name, in the model's order. With `size` the picture is in `pixels` instead of `input`. */
  run(pixels?: Float32Array, size?: { width: number; height: number }): Promise<ModelOutputs>;
  close(): Promise<void>;
}

/** The output of a model that has one. */
export function firstOutput(outputs: ModelOutputs): Float32Array | undefined {
  return outputs.values().next().value;
}

/** Reads `inference/models/{name}.json`, or the file at `name` when it ends in `.json`. */
export async function readManifest(name: string): Promise<ModelManifest> {
  const file = name.endsWith('.json') ? name : new URL(`${name}.json`, manifestFolder);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new WatchpostError('inference.model_missing', { details: { manifest: name }, cause });
  });
  return parseManifest(text, name);
}

/**
 * The manifest in `text`; `name` is for the error. @throws WatchpostError `config.invalid` with the path of
 * the field
 */
export function parseManifest(text: string, name: string): ModelManifest {
  const parsed = modelManifest.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WatchpostError('config.invalid', {
    path: `/${issue?.path.join('/') ?? ''}`,
    details: { manifest: name, expected: issue?.message ?? '' },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the manifest's file may be on this machine, best place first. */
function placesOf(manifest: ModelManifest, filesFrom: string | undefined): string[] {
  const places = filesFrom ? [join(filesFrom, manifest.file)] : [];
  if (!manifest.package) return places;
  try {
    return [...places, join(dirname(require.resolve(`${manifest.package}/package.json`)), manifest.file)];
  } catch {
    return places;
  }
}

/**
 * Reads the file once and compares its hash, so that the bytes that were checked are the bytes that run.
 * Looks in `filesFrom` first, then in the manifest's npm package.
 * @throws WatchpostError `inference.model_missing`, `inference.model_hash`
 */
export async function readVerified(manifest: ModelManifest, filesFrom?: string): Promise<Uint8Array> {
  const places = placesOf(manifest, filesFrom);
  let file = '';
  let bytes: Uint8Array | null = null;
  for (file of places) {
    bytes = await readFile(file).catch(() => null);
    if (bytes) break;
  }
  if (!bytes) {
    throw new WatchpostError('inference.model_missing', {
      details: { model: manifest.name, file: manifest.file, looked: places.join(' ') },
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === manifest.sha256) return bytes;
  throw new WatchpostError('inference.model_hash', {
    details: { model: manifest.name, file, expected: manifest.sha256, found: sha256 },
  });
}

/** What a model with free input size is tried with. */
const trialSize = { width: 64, height: 64 };

/**
 * Opens a session over verified bytes and runs it once on a black picture, so that a file that does not fit
 * its manifest is found here: one thread. With the arena the process stays about 60 MB smaller than without
 * (measured over 600 frames: 243 MB against 297–328 MB), because large blocks are not taken from and given
 * back to the C library for every run.
 * @throws WatchpostError `inference.model_unfit`
 */
export async function openSession(manifest: ModelManifest, bytes: Uint8Array): Promise<OnnxModel> {
  const unfit = (expected: string, cause?: unknown) =>
    new WatchpostError('inference.model_unfit', { details: { model: manifest.name, expected }, cause });
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    // What is wrong is told by the error; the library would write it to the terminal besides.
    logSeverityLevel: 4,
  }).catch((cause: unknown) => {
    throw unfit('an ONNX file', cause);
  });
  const { name, width, height, colour, fit } = manifest.input;
  if (session.inputNames.join() !== name) {
    await session.release();
    throw unfit(`one input, ${name}; it has ${session.inputNames.join(' ').slice(0, 200)}`);
  }
  const channels = colour === 'GRAY' ? 1 : 3;
  const input = new Float32Array(fit === 'stretch' ? channels * width * height : 0);
  const model: OnnxModel = {
    manifest,
    digest: manifest.sha256,
    input,
    async run(pixels = input, size = { width, height }) {
      const outputs = await session.run({
        [name]: new Tensor('float32', pixels, [1, channels, size.height, size.width]),
      });
      return new Map(session.outputNames.map((key) => [key, outputs[key]?.data as Float32Array]));
    },
    close: () => session.release(),
  };
  const free = fit === 'letterbox' && { ...trialSize, pixels: new Float32Array(channels * 64 * 64) };
  await (free ? model.run(free.pixels, free) : model.run()).catch(async (cause: unknown) => {
    await session.release();
    const size = free ? 'an input of any size' : `an input of ${width} × ${height}, ${colour}`;
    throw unfit(size, cause);
  });
  return model;
}

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { replaceFile } from '@watchpost/service';
import { z } from 'zod';
import { seriesClasses } from '../series-class.ts';
import {
  type DenseLayer,
  layerUnits,
  mostPoints,
  type SequenceModel,
  windowLength,
} from './sequence-model.ts';

/**
 * Two lines of JSON: `{"format":"watchpost-sequence-model","version":1,"sha256":…}`, then the model, over
 * whose bytes the hash goes. Raise the version when older readers would misjudge.
 */
const format = 'watchpost-sequence-model';
const version = 1;
/** Far above the 16 kB of a model. */
const mostBytes = 256 * 1024;

const headSchema = z.object({ format: z.literal(format), version: z.number(), sha256: z.string() });
const finite = z.number().refine(Number.isFinite);
const floatsSchema = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const floats = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < floats.length; i++) floats[i] = bytes.readFloatLE(4 * i);
  if (bytes.length % 4 === 0 && floats.every(Number.isFinite)) return floats;
  context.addIssue({ code: 'custom', message: 'expected finite floats' });
  return z.NEVER;
});
const layerSchema = z.strictObject({ kernel: floatsSchema, bias: floatsSchema });
const modelSchema = z.strictObject({
  scaler: z.strictObject({ center: finite, scale: finite.positive() }),
  layers: z.array(layerSchema).length(layerUnits.length),
  calibration: floatsSchema.refine(
    (residuals) => residuals.length <= mostPoints && residuals.every((residual) => residual >= 0),
  ),
  training: z.strictObject({
    series: z.string().min(1).max(200),
    seriesClass: z.enum(seriesClasses),
    fromMs: finite,
    toMs: finite,
    cadenceMs: finite.positive(),
    points: z.number().int().min(1).max(mostPoints),
    seed: z.number().int(),
    loss: finite,
    backend: z.string().max(32),
  }),
});

/** The bytes of a model's file. */
export function encodeSequenceModel({ scaler, layers, calibration, training }: SequenceModel): Buffer {
  const body = JSON.stringify({
    scaler,
    layers: layers.map(({ kernel, bias }) => ({ kernel: textOf(kernel), bias: textOf(bias) })),
    calibration: textOf(calibration),
    training,
  });
  return Buffer.from(`${JSON.stringify({ format, version, sha256: sha256(body) })}\n${body}`);
}

/** Digest that names the model: the hash in its file. */
export function sequenceModelDigest(model: SequenceModel): string {
  return headOf(encodeSequenceModel(model).toString('utf8')).sha256;
}

/**
 * Reads the bytes of a model's file.
 * @throws WatchpostError `inference.sequence_model_foreign` for another format or version or, where `series`
 *   is given, another series;
 * `inference.sequence_model_damaged` for anything else that is not as it was written.
 */
export function decodeSequenceModel(bytes: Uint8Array, series?: string): SequenceModel {
  if (bytes.length > mostBytes) throw damaged('/');
  const text = Buffer.from(bytes).toString('utf8');
  const head = headOf(text);
  if (head.version !== version) throw foreign('/version');
  const body = text.slice(text.indexOf('\n') + 1);
  if (sha256(body) !== head.sha256) throw damaged('/sha256');
  const result = modelSchema.safeParse(parsed(body));
  if (!result.success) throw damaged(`/${result.error.issues[0]?.path.join('/') ?? ''}`);
  const { layers, ...rest } = result.data;
  if (series !== undefined && rest.training.series !== series) throw foreign('/training/series');
  return { ...rest, layers: layers.map(layerOf) };
}

/**
 * Writes a model readable by its owner alone; what is at `path` is either the old file or the whole new one.
 */
export async function saveSequenceModel(path: string, model: SequenceModel): Promise<void> {
  await replaceFile(path, encodeSequenceModel(model));
}

/**
 * Reads a model from its file; null when there is none.
 * @throws WatchpostError as {@link decodeSequenceModel}, with the file as path.
 */
export async function loadSequenceModel(path: string, series: string): Promise<SequenceModel | null> {
  const size = await stat(path).catch(() => null);
  if (!size) return null;
  if (!size.isFile() || size.size > mostBytes) throw damaged(path);
  try {
    return decodeSequenceModel(await readFile(path), series);
  } catch (cause) {
    if (!(cause instanceof WatchpostError)) throw damaged(path, cause);
    throw new WatchpostError(cause.code, { path: `${path}${cause.path ?? ''}`, cause });
  }
}

function headOf(text: string): z.infer<typeof headSchema> {
  const head = headSchema.safeParse(parsed(text.slice(0, Math.max(0, text.indexOf('\n')))));
  if (head.success) return head.data;
  throw head.error.issues[0]?.path[0] === 'format' ? foreign('/format') : damaged('/');
}

function layerOf({ kernel, bias }: z.infer<typeof layerSchema>, i: number): DenseLayer {
  const inputs = layerUnits[i - 1] ?? windowLength;
  const outputs = layerUnits[i] as number;
  if (kernel.length !== inputs * outputs || bias.length !== outputs) throw damaged(`/layers/${i}`);
  return { inputs, outputs, activation: i + 1 < layerUnits.length ? 'tanh' : 'linear', kernel, bias };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Little-endian, on any machine. */
function textOf(floats: Float32Array): string {
  const bytes = Buffer.alloc(4 * floats.length);
  for (const [i, value] of floats.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes.toString('base64');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const damaged = (path: string, cause?: unknown) =>
  new WatchpostError('inference.sequence_model_damaged', { path, cause });
const foreign = (path: string) => new WatchpostError('inference.sequence_model_foreign', { path });

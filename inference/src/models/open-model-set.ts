import { WatchpostError } from '@watchpost/contracts/errors';
import { detectorDecoders, embeddingDecoders, landmarkDecoders, livenessDecoders } from '../face/decoders.ts';
import type { MeasuredThreshold, ModelManifest } from './manifest.ts';
import { type OnnxModel, openSession, readManifest, readVerified } from './open-session.ts';

/** Which models to load and from where. */
export interface ModelSetOptions {
  /** Also load the liveness model (advisory). Default false. */
  readonly liveness?: boolean;
  /**
   * Name of a manifest in `inference/models/`, or the path of a manifest file ending in `.json`. Default: the
   * set of design §4.
   */
  readonly detector?: string;
  readonly landmarks?: string;
  readonly recogniser?: string;
  /**
   * Folder in which every manifest's `file` is looked for before the npm package; for bring-your-own models.
   */
  readonly filesFrom?: string;
}

/** Verified models with open sessions. `close` when done. */
export interface ModelSet {
  /** sha256 (hex) by manifest name of every loaded file; goes into events. */
  readonly digests: Readonly<Record<string, string>>;
  /** Default cosine threshold of the recogniser. */
  readonly threshold: number;
  /** False-match rate measured for `threshold`, per comparison of two templates. */
  readonly falseMatchRate: number;
  /** All measured points, by rising cosine. */
  readonly thresholds: readonly MeasuredThreshold[];
  /** Length of an embedding. */
  readonly dimension: number;
  readonly detector: OnnxModel;
  /** null when the detector gives the five points itself. */
  readonly landmarks: OnnxModel | null;
  readonly recogniser: OnnxModel;
  readonly liveness: OnnxModel | null;
  close(): Promise<void>;
}

/**
 * Reads manifests, verifies every file's sha256 and only then opens the first session (one thread; about 60
 * MB in all). The age, gender and expression models of the package are never read.
 * @throws WatchpostError `inference.model_missing`, `inference.model_hash`, `inference.model_decoder`,
 *   `inference.model_unfit`, `config.invalid` (a manifest's field)
 */
export async function openModelSet(options: ModelSetOptions = {}): Promise<ModelSet> {
  const detector = await readManifest(options.detector ?? 'ultraface-rfb-320');
  const recogniser = await readManifest(options.recogniser ?? 'mobilefacenet-512');
  requireDecoder(detector, detectorDecoders);
  requireDecoder(recogniser, embeddingDecoders);
  const manifests = [detector, recogniser];
  if (!detectorDecoders.get(detector.decoder)?.givesPoints) {
    manifests.push(requireDecoder(await readManifest(options.landmarks ?? 'landmarks-68'), landmarkDecoders));
  }
  if (options.liveness)
    manifests.push(requireDecoder(await readManifest('minifas-liveness'), livenessDecoders));

  const verified: [ModelManifest, Uint8Array][] = [];
  for (const manifest of manifests)
    verified.push([manifest, await readVerified(manifest, options.filesFrom)]);
  const models: OnnxModel[] = [];
  try {
    for (const [manifest, bytes] of verified) models.push(await openSession(manifest, bytes));
    return composeSet(models);
  } catch (error) {
    for (const model of models) await model.close();
    throw error;
  }
}

function requireDecoder(manifest: ModelManifest, known: ReadonlyMap<string, unknown>): ModelManifest {
  if (known.has(manifest.decoder)) return manifest;
  throw new WatchpostError('inference.model_decoder', {
    details: { model: manifest.name, decoder: manifest.decoder, known: [...known.keys()].join(' ') },
  });
}

function composeSet(models: readonly OnnxModel[]): ModelSet {
  const of = (task: ModelManifest['task']) => models.find((model) => model.manifest.task === task) ?? null;
  const detector = of('detect');
  const recogniser = of('recognise');
  const { thresholds, dimension, defaultCosine } = recogniser?.manifest ?? {};
  const chosen = thresholds?.find(({ cosine }) => cosine === defaultCosine) ?? thresholds?.[0];
  if (!detector || !recogniser || !thresholds || !dimension || !chosen) {
    throw new WatchpostError('config.invalid', {
      path: '/thresholds',
      details: { expected: 'a detector and a recogniser' },
    });
  }
  return {
    digests: Object.fromEntries(models.map(({ manifest, digest }) => [manifest.name, digest])),
    threshold: chosen.cosine,
    falseMatchRate: chosen.falseMatchRate,
    thresholds: thresholds.toSorted((a, b) => a.cosine - b.cosine),
    dimension,
    detector,
    landmarks: of('landmarks'),
    recogniser,
    liveness: of('liveness'),
    close: async () => {
      for (const model of models) await model.close();
    },
  };
}

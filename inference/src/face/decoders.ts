import type { DetectorDecoder } from './detectors/detector.ts';
import { decodeScrfd } from './detectors/scrfd.ts';
import { decodeUltraFace } from './detectors/ultraface.ts';
import { decodeYuNet } from './detectors/yunet.ts';
import { ibug68ToFive, type LandmarkDecoder } from './ibug68.ts';

/** Decoders by the names that manifests use; the only place that knows all of them. */
export const detectorDecoders: ReadonlyMap<string, DetectorDecoder> = new Map<string, DetectorDecoder>([
  ['ultraface', { givesPoints: false, decode: decodeUltraFace }],
  ['yunet', { givesPoints: true, decode: decodeYuNet }],
  ['scrfd', { givesPoints: true, decode: decodeScrfd }],
]);

export const landmarkDecoders: ReadonlyMap<string, LandmarkDecoder> = new Map([['ibug68', ibug68ToFive]]);

/** Recognisers: the only output is the embedding, normalised by us. */
export const embeddingDecoders: ReadonlyMap<string, true> = new Map([['embedding', true]]);

/** Liveness: softmax over the only output, index 0 = live. */
export const livenessDecoders: ReadonlyMap<string, true> = new Map([['liveness-softmax', true]]);

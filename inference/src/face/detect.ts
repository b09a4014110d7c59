import type { Frame } from '../frame/frame.ts';
import { resample, stretch } from '../frame/resample.ts';
import type { OnnxModel } from '../models/open-session.ts';
import { detectorDecoders } from './decoders.ts';
import { type Detection, type InputGeometry, suppress } from './detectors/detector.ts';

/** Faces of a frame, largest first. */
export async function detectFaces(model: OnnxModel, frame: Frame): Promise<Detection[]> {
  const { manifest } = model;
  const decoder = detectorDecoders.get(manifest.decoder);
  if (!decoder || frame.width < 1 || frame.height < 1) return [];
  const geometry = inputGeometry(model, frame);
  const { width, height } = geometry;
  const pixels = model.input.length > 0 ? model.input : new Float32Array(3 * width * height);
  const shown = { x: 0, y: 0, width: width / geometry.scaleX, height: height / geometry.scaleY };
  resample(frame, stretch(shown, width, height), width, height, manifest.input, pixels);
  const outputs = await model.run(pixels, { width, height });
  const found = decoder.decode(outputs, geometry, manifest.scoreThreshold ?? 0.5);
  return suppress(found, manifest.nmsIou ?? 0.3).toSorted((a, b) => area(b) - area(a));
}

function inputGeometry({ manifest }: OnnxModel, frame: Frame): InputGeometry {
  const { width, height, fit } = manifest.input;
  if (fit === 'stretch') return { width, height, scaleX: width / frame.width, scaleY: height / frame.height };
  const scale = width / Math.max(frame.width, frame.height);
  const padded = (side: number) => Math.max(32, Math.ceil((side * scale) / 32) * 32);
  return { width: padded(frame.width), height: padded(frame.height), scaleX: scale, scaleY: scale };
}

const area = ({ box }: Detection) => box.width * box.height;

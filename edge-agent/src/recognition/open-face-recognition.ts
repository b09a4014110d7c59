import { createFacePipeline, type FacePipeline, type Gallery, openModelSet } from '@watchpost/inference';
import type { EdgeAgentConfig } from '../config.ts';
import type { OpenGallery } from './open-gallery.ts';

/** Everything that looking for faces needs. */
export interface FaceRecognition {
  readonly pipeline: FacePipeline;
  /** The same one for ever; what it holds may change between two matches. */
  readonly gallery: Gallery;
  /** SHA-256 of the gallery file at present, hex. */
  readonly galleryDigest: string;
  /** Whether a liveness model with a certificate is in use. */
  readonly certifiedLiveness: boolean;
  close(): Promise<void>;
}

/**
 * Opens the gallery and loads the models; the first inference is done here, so that the first face does not
 * wait for it.
 * @throws WatchpostError those of `open` and of `openModelSet`
 */
export async function openFaceRecognition(
  open: () => Promise<OpenGallery>,
  { detector, landmarks, recogniser, filesFrom, liveness }: EdgeAgentConfig['models'],
): Promise<FaceRecognition> {
  const opened = await open();
  const models = await openModelSet({
    liveness,
    ...(detector ? { detector } : {}),
    ...(landmarks ? { landmarks } : {}),
    ...(recogniser ? { recogniser } : {}),
    ...(filesFrom ? { filesFrom } : {}),
  });
  const pipeline = createFacePipeline(models, { liveness });
  await pipeline.analyse({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3), capturedAt: 0 });
  return {
    pipeline,
    gallery: opened.gallery,
    certifiedLiveness: models.liveness?.manifest.certification !== undefined,
    get galleryDigest() {
      return opened.digest;
    },
    close: () => models.close(),
  };
}

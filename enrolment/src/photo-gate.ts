import { createFacePipeline, type FacePipeline, openModelSet } from '@watchpost/inference';
import { decodePhoto } from './photo/decode-photo.ts';
import { readPhotoHeader } from './photo/photo-header.ts';
import { assessFace, type GoodFace, openGate } from './quality/assess-face.ts';

/** A photo that may go into a template. */
export interface GoodPhoto extends GoodFace {
  /** What is kept of it. */
  readonly jpeg: Uint8Array;
}

/** The gate that every photo goes through; the models are opened with the first one. */
export class PhotoGate {
  #pipeline: Promise<FacePipeline> | undefined;

  /** The models, verified and open. */
  pipeline(): Promise<FacePipeline> {
    this.#pipeline ??= openModelSet().then((models) => createFacePipeline(models, openGate));
    // A fault may pass: the next photo tries again.
    this.#pipeline.catch(() => {
      this.#pipeline = undefined;
    });
    return this.#pipeline;
  }

  /** @throws WatchpostError why the photo cannot be used */
  async admit(bytes: Uint8Array): Promise<GoodPhoto> {
    readPhotoHeader(bytes);
    const [{ width, height, pixels, jpeg }, pipeline] = await Promise.all([
      decodePhoto(bytes),
      this.pipeline(),
    ]);
    const face = await assessFace(pipeline, { width, height, data: pixels, capturedAt: 0 });
    return { ...face, jpeg };
  }

  async close(): Promise<void> {
    const pipeline = await this.#pipeline?.catch(() => undefined);
    await pipeline?.models.close();
  }
}

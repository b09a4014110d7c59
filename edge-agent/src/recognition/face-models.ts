import type { EdgeAgentConfig } from '../config.ts';
import { type FaceRecognition, openFaceRecognition } from './open-face-recognition.ts';
import type { OpenGallery } from './open-gallery.ts';

/** What looking for faces needs, loaded once and only where a camera does it. */
export class FaceModels {
  readonly #models: EdgeAgentConfig['models'];
  readonly #openGallery: (() => Promise<OpenGallery>) | undefined;
  readonly #onLoaded: (recognition: FaceRecognition) => void;
  #loading: Promise<FaceRecognition | null> = Promise.resolve(null);
  #isAsked = false;
  #recognition: FaceRecognition | null = null;

  /**
   * @param openGallery absent where there is none
   * @param onLoaded called before the first frame is looked at
   */
  constructor(
    models: EdgeAgentConfig['models'],
    openGallery: (() => Promise<OpenGallery>) | undefined,
    onLoaded: (recognition: FaceRecognition) => void,
  ) {
    this.#models = models;
    this.#openGallery = openGallery;
    this.#onLoaded = onLoaded;
  }

  /** Settles when they are loaded; null when no camera looks for faces. */
  get loaded(): Promise<FaceRecognition | null> {
    return this.#loading;
  }

  /**
   * Loads them if one of these devices looks for faces and a gallery is there. What failed is tried again.
   * @throws as `openFaceRecognition`
   */
  async loadFor(devices: EdgeAgentConfig['devices']): Promise<void> {
    const openGallery = this.#openGallery;
    const isWanted = devices.some((device) => device.kind === 'camera' && device.faces);
    if (!isWanted || !openGallery) return;
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.#loading = openFaceRecognition(openGallery, this.#models).then((recognition) => {
        this.#recognition = recognition;
        this.#onLoaded(recognition);
        return recognition;
      });
      // Each camera waits for it too; this keeps an early failure from being unhandled meanwhile.
      this.#loading.catch(() => {
        this.#isAsked = false;
      });
    }
    await this.#loading;
  }

  async close(): Promise<void> {
    await this.#recognition?.close();
  }
}

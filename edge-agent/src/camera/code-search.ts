import { Worker } from 'node:worker_threads';
import type { PictureOutline } from '@watchpost/contracts/site';
import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_NV21,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { CodesSeen, Rotation } from './frame-wire.ts';
import { beforeTurn } from './masked-runs.ts';
import { PictureMask } from './picture-mask.ts';

/** Formats whose first plane is brightness, one byte per pixel. */
const lumaFirst: ReadonlySet<number> = new Set([
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_NV21,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
]);

/** What the worker is asked; `data` is handed over. */
export interface SearchOrder {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly wholeWidth: number;
  readonly thorough: boolean;
}

/** What it answers; `data` comes back. */
export interface SearchAnswer extends Pick<CodesSeen, 'codes'> {
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Looks for codes in whole pictures as the camera gives them, before they are turned; what is masked is
 * blanked first. In a thread of its own that is started with the first one. One search at a time.
 */
export class CodeSearch {
  readonly #wholeWidth: number;
  readonly #masks: readonly PictureOutline[];
  #mask: { readonly rotation: Rotation; readonly mask: PictureMask } | null = null;
  /**
   * Comes back with every answer: a new one for each picture would lie about until the garbage is collected.
   */
  #spare = new ArrayBuffer(0);
  #worker: Worker | null = null;
  #answer: ((codes: CodesSeen['codes']) => void) | null = null;

  /** @param masks in the upright picture */
  constructor(wholeWidth: number, masks: readonly PictureOutline[]) {
    this.#wholeWidth = wholeWidth;
    this.#masks = masks;
  }

  /**
   * @param rotation by which the picture is turned for people
   * @returns the codes that were read; none when the last search still runs or the thread failed
   */
  search(picture: Frame, thorough: boolean, rotation: Rotation): Promise<CodesSeen['codes']> {
    if (this.#answer) return Promise.resolve([]);
    const { width, height } = picture;
    const data = brightnessOf(picture, this.#spare);
    this.#spare = new ArrayBuffer(0);
    this.#maskFor(rotation).blank(data, width, height, 1);
    const order: SearchOrder = { width, height, data, wholeWidth: this.#wholeWidth, thorough };
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#worker ??= this.#start();
      this.#worker.postMessage(order, [data.buffer]);
    });
  }

  #maskFor(rotation: Rotation): PictureMask {
    if (this.#mask?.rotation !== rotation) {
      const outlines = this.#masks.map((outline) => beforeTurn(outline, rotation));
      this.#mask = { rotation, mask: new PictureMask(outlines, 0) };
    }
    return this.#mask.mask;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./code-worker.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 64 },
    });
    const answer = (codes: CodesSeen['codes']) => {
      this.#answer?.(codes);
      this.#answer = null;
    };
    worker.on('message', ({ codes, data }: SearchAnswer) => {
      this.#spare = data.buffer;
      answer(codes);
    });
    worker.on('error', () => {
      this.#worker = null;
      answer([]);
    });
    return worker;
  }
}

/** The picture’s brightness without padding, in `spare` when it has that size. */
function brightnessOf(picture: Frame, spare: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const { width, height } = picture;
  const gray = lumaFirst.has(picture.format) ? picture : toGray(picture);
  const plane = gray.data?.[0];
  const stride = gray.linesize[0] ?? width;
  const size = width * height;
  const data = new Uint8Array(spare.byteLength === size ? spare : new ArrayBuffer(size));
  if (plane)
    for (let y = 0; y < height; y++) data.set(plane.subarray(y * stride, y * stride + width), y * width);
  if (gray !== picture) gray.free();
  return data;
}

function toGray(picture: Frame): Frame {
  const gray = new Frame();
  gray.alloc();
  gray.width = picture.width;
  gray.height = picture.height;
  gray.format = AV_PIX_FMT_GRAY8;
  if (gray.allocBuffer() < 0) throw new Error('out of memory');
  const context = new SoftwareScaleContext();
  context.allocContext();
  context.scaleFrameSync(gray, picture);
  context.freeContext();
  return gray;
}

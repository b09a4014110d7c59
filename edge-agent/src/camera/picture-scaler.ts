import { AV_PIX_FMT_RGB24, type AVPixelFormat, SWS_BILINEAR } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';

/** RGB24 without padding. `data` is used again by the next call. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** Scales pictures to a width, never up, keeping the aspect, and converts them to RGB24. Follows changes of size. */
export class PictureScaler {
  readonly #width: number;
  #context: SoftwareScaleContext | null = null;
  #target: Frame | null = null;
  #data = Buffer.alloc(0);
  #source = '';

  constructor(width: number) {
    this.#width = width;
  }

  scale(picture: Frame): RgbPicture {
    const source = `${picture.width}x${picture.height}/${picture.format}`;
    if (source !== this.#source) this.#prepare(picture);
    const [context, target] = [this.#context, this.#target];
    if (!context || !target) throw new Error('not prepared');
    if (context.scaleFrameSync(target, picture) < 0) throw new Error('scaling failed');
    this.#source = source;
    const { width, height } = target;
    const row = width * 3;
    const stride = target.linesize[0] ?? row;
    const plane = target.data?.[0];
    if (!plane) throw new Error('no pixels');
    for (let y = 0; y < height; y++) plane.copy(this.#data, y * row, y * stride, y * stride + row);
    return { width, height, data: this.#data };
  }

  #prepare(picture: Frame): void {
    const width = Math.min(this.#width, picture.width);
    const height = Math.max(1, Math.round((picture.height * width) / picture.width));
    this.#context?.freeContext();
    this.#target?.free();
    const context = new SoftwareScaleContext();
    const format = picture.format as AVPixelFormat;
    context.getContext(picture.width, picture.height, format, width, height, AV_PIX_FMT_RGB24, SWS_BILINEAR);
    const target = new Frame();
    target.alloc();
    target.width = width;
    target.height = height;
    target.format = AV_PIX_FMT_RGB24;
    if (target.allocBuffer() < 0) throw new Error('out of memory');
    this.#context = context;
    this.#target = target;
    this.#data = Buffer.alloc(width * height * 3);
  }
}

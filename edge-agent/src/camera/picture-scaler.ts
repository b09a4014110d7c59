import {
  AV_PIX_FMT_RGB24,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
  type AVColorSpace,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Rotation } from './frame-wire.ts';
import { type RgbPicture, turnRgb } from './rgb-picture.ts';

/**
 * Scales pictures to a width, never up, with square pixels and the right colours, and turns them. Follows
 * changes of size.
 */
export class PictureScaler {
  readonly #width: number;
  #context: SoftwareScaleContext | null = null;
  #target: Frame | null = null;
  #data = Buffer.alloc(0);
  #turned = Buffer.alloc(0);
  #source = '';

  /** @param width most pixels across, before turning */
  constructor(width: number) {
    this.#width = width;
  }

  scale(picture: Frame, rotation: Rotation): RgbPicture {
    const { width, height } = squareSize(picture, this.#width);
    const source = `${picture.width}x${picture.height}/${picture.format}/${width}x${height}`;
    if (source !== this.#source) this.#prepare(width, height);
    const [context, target] = [this.#context, this.#target];
    if (!context || !target) throw new Error('not prepared');
    if (picture.colorSpace === AVCOL_SPC_UNSPECIFIED) picture.colorSpace = usualColours(picture);
    if (context.scaleFrameSync(target, picture) < 0) throw new Error('scaling failed');
    this.#source = source;
    const row = width * 3;
    const stride = target.linesize[0] ?? row;
    const plane = target.data?.[0];
    if (!plane) throw new Error('no pixels');
    for (let y = 0; y < height; y++) plane.copy(this.#data, y * row, y * stride, y * stride + row);
    if (rotation === 0) return { width, height, data: this.#data };
    if (this.#turned.length !== this.#data.length) this.#turned = Buffer.alloc(this.#data.length);
    return turnRgb({ width, height, data: this.#data }, rotation, this.#turned);
  }

  #prepare(width: number, height: number): void {
    this.#context?.freeContext();
    this.#target?.free();
    const context = new SoftwareScaleContext();
    // Not set up beforehand: so it looks at each picture’s own colour space and range.
    context.allocContext();
    context.setOption('sws_flags', 'bilinear');
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

/** The size to scale to, so that pixels are square (ITU-T H.264 §E.2.1 aspect_ratio_idc). */
export function squareSize(
  { width, height, sampleAspectRatio: { num, den } }: Pick<Frame, 'width' | 'height' | 'sampleAspectRatio'>,
  most: number,
): { readonly width: number; readonly height: number } {
  const said = num > 0 && den > 0 ? num / den : 1;
  // Nobody makes a picture four times as wide as it is; firmware that says so is wrong.
  const aspect = said >= 0.25 && said <= 4 ? said : 1;
  const shown = Math.round(width * aspect);
  const to = Math.min(most, shown);
  return { width: to, height: Math.max(1, Math.round((height * to) / shown)) };
}

/** Where the stream does not say: high definition is BT.709, what is smaller BT.601. */
function usualColours({ height }: Frame): AVColorSpace {
  return height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

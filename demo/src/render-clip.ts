import { rename } from 'node:fs/promises';
import { Encoder, FilterAPI, Muxer } from 'node-av/api';
import { AV_LOG_ERROR, AV_PIX_FMT_RGB24, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Frame, Log } from 'node-av/lib';
import { gateBackdrop, type Sprite } from './sprites.ts';
import { clipFps, clipHeight, clipSeconds, clipWidth, hold, onScreen, walk } from './timeline.ts';

/**
 * Draws the demo clip and encodes it as H.264 in Matroska, as a camera would. Written whole or not at all.
 */
export async function renderClip(path: string, sprites: ReadonlyMap<string, Sprite>): Promise<void> {
  const backdrop = await gateBackdrop(clipWidth, clipHeight);
  const timeBase = { num: 1, den: clipFps };
  Log.setLevel(AV_LOG_ERROR);
  const toCameraColours = FilterAPI.create('format=yuv420p');
  const encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    context: { gopSize: clipFps * 2, maxBFrames: 0 },
    options: { preset: 'veryfast', crf: 20 },
  });
  // The muxer writes its file piece by piece and by itself, so no writer of whole files can put it in place.
  const unfinished = `${path}.part`;
  const muxer = await Muxer.open(unfinished, { format: 'matroska' });
  const stream = muxer.addStream(encoder);
  const pictures = async function* () {
    for (let index = 0; index < clipSeconds * clipFps; index++) {
      const picture = drawFrame(backdrop, sprites, index / clipFps);
      const frame = Frame.fromVideoBuffer(picture, {
        width: clipWidth,
        height: clipHeight,
        format: AV_PIX_FMT_RGB24,
        timeBase,
      });
      frame.pts = BigInt(index);
      frame.duration = 1n;
      yield frame;
    }
    yield null;
  };
  for await (const packet of encoder.packets(toCameraColours.frames(pictures()))) {
    if (packet) await muxer.writePacket(packet, stream);
  }
  encoder.close();
  toCameraColours.close();
  await muxer.close();
  await rename(unfinished, path);
}

/** One frame, RGB24. */
export function drawFrame(backdrop: Buffer, sprites: ReadonlyMap<string, Sprite>, timeS: number): Buffer {
  const picture = Buffer.from(backdrop);
  for (const { who, progress } of onScreen(timeS)) {
    const sprite = sprites.get(who);
    if (!sprite) continue;
    const { x, y } = who.endsWith('pass') ? hold(progress, sprite) : walk(progress, sprite);
    blend(picture, sprite, x, y);
  }
  return picture;
}

function blend(picture: Buffer, sprite: Sprite, left: number, top: number): void {
  const fromX = Math.max(0, -left);
  const toX = Math.min(sprite.width, clipWidth - left);
  const toY = Math.min(sprite.height, clipHeight - top);
  for (let y = Math.max(0, -top); y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const from = (y * sprite.width + x) * 4;
      const to = ((top + y) * clipWidth + left + x) * 3;
      const alpha = (sprite.rgba[from + 3] ?? 0) / 255;
      for (let channel = 0; channel < 3; channel++) {
        const under = picture[to + channel] ?? 0;
        picture[to + channel] = Math.round(under + ((sprite.rgba[from + channel] ?? 0) - under) * alpha);
      }
    }
  }
}

import { Encoder, Muxer } from 'node-av/api';
import {
  AV_LOG_QUIET,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
  SWS_BILINEAR,
} from 'node-av/constants';
import { Frame, Log, Rational, SoftwareScaleContext } from 'node-av/lib';

export interface ClipPicture {
  readonly width: number;
  readonly height: number;
  /** RGB24 without padding. */
  readonly data: Uint8Array;
}

/** Encodes pictures of one size as H.264 in a file whose ending names the container. For tests only. */
export async function encodeClip(path: string, pictures: Iterable<ClipPicture>, fps: number): Promise<void> {
  Log.setLevel(AV_LOG_QUIET);
  const encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    bitrate: '2M',
    gopSize: fps,
    options: { preset: 'ultrafast', tune: 'zerolatency' },
  });
  const muxer = await Muxer.open(path);
  const stream = muxer.addStream(encoder);
  const scaler = new SoftwareScaleContext();
  let pts = 0n;
  for (const { width, height, data } of pictures) {
    const rgb = blank(width, height, AV_PIX_FMT_RGB24);
    rgb.fromBuffer(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    const yuv = blank(width, height, AV_PIX_FMT_YUV420P);
    if (pts === 0n)
      scaler.getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR);
    scaler.scaleFrameSync(yuv, rgb);
    yuv.pts = pts++;
    yuv.timeBase = new Rational(1, fps);
    for (const packet of await encoder.encodeAll(yuv)) await muxer.writePacket(packet, stream);
    rgb.free();
    yuv.free();
  }
  for await (const packet of encoder.flushPackets()) await muxer.writePacket(packet, stream);
  await muxer.close();
  encoder.close();
}

function blank(width: number, height: number, format: typeof AV_PIX_FMT_RGB24): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  frame.allocBuffer();
  return frame;
}

/** A picture of one grey, with a white square whose place depends on `step`. */
export function squarePicture(width: number, height: number, step: number): ClipPicture {
  const data = new Uint8Array(width * height * 3).fill(64);
  const side = Math.floor(height / 4);
  const left = (step * 8) % (width - side);
  for (let y = side; y < 2 * side; y++) data.fill(255, (y * width + left) * 3, (y * width + left + side) * 3);
  return { width, height, data };
}

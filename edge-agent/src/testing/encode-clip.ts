import { Encoder, Muxer } from 'node-av/api';
import {
  AV_LOG_QUIET,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  type AVColorSpace,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
  SWS_BILINEAR,
} from 'node-av/constants';
import { Frame, Log, Rational, SoftwareScaleContext } from 'node-av/lib';

export interface ClipPicture {
  readonly width: number;
  readonly height: number;
  /** RGB24 without padding. */
  readonly data: Uint8Array;
}

/** How a clip is encoded. */
export interface ClipOptions {
  /** Default H.264. */
  readonly codec?: 'h264' | 'h265';
  /** Pictures from one key picture to the next; default one second. */
  readonly gop?: number;
  readonly bitrate?: `${number}M`;
  /** Shape of a pixel, width to height; default square. */
  readonly aspect?: readonly [width: number, height: number];
  /**
   * Matrix from RGB and the label for it; without it both are left to FFmpeg, as in clips of carefree
   * cameras.
   */
  readonly colours?: AVColorSpace;
}

/**
 * Encodes pictures of one size in a file whose ending names the container (`.mp4`, `.ts`; `.h264` and `.hevc`
 * are bare byte streams with parameter sets at each key picture). For tests only.
 */
export async function encodeClip(
  path: string,
  pictures: Iterable<ClipPicture>,
  fps: number,
  { codec = 'h264', gop = fps, bitrate = '2M', aspect = [1, 1], colours }: ClipOptions = {},
): Promise<void> {
  Log.setLevel(AV_LOG_QUIET);
  const x265 = `log-level=none:keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0:repeat-headers=1`;
  const encoder = await Encoder.create(codec === 'h265' ? FF_ENCODER_LIBX265 : FF_ENCODER_LIBX264, {
    bitrate,
    gopSize: gop,
    options:
      codec === 'h265'
        ? { preset: 'ultrafast', 'x265-params': x265 }
        : { preset: 'ultrafast', tune: 'zerolatency' },
  });
  const muxer = await Muxer.open(path);
  const stream = muxer.addStream(encoder);
  const scaler = new SoftwareScaleContext();
  let pts = 0n;
  for (const { width, height, data } of pictures) {
    const rgb = blankFrame(width, height, AV_PIX_FMT_RGB24);
    rgb.fromBuffer(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    const yuv = blankFrame(width, height, AV_PIX_FMT_YUV420P);
    if (pts === 0n && colours === undefined)
      scaler.getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR);
    // Not set up beforehand, the scaler goes by the label of its target.
    if (pts === 0n && colours !== undefined) scaler.allocContext();
    if (colours !== undefined) yuv.colorSpace = colours;
    yuv.sampleAspectRatio = new Rational(...aspect);
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

/** A frame with room for its pixels. */
export function blankFrame(width: number, height: number, format: typeof AV_PIX_FMT_RGB24): Frame {
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

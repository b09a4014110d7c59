import { Encoder } from 'node-av/api';
import { AV_PIX_FMT_RGB24, AV_PIX_FMT_YUVJ420P, FF_ENCODER_MJPEG, SWS_BILINEAR } from 'node-av/constants';
import { Rational, SoftwareScaleContext } from 'node-av/lib';
import { blankFrame, type ClipPicture } from './encode-clip.ts';

/** Each picture as a JPEG. For tests only. */
export async function encodeJpegs(pictures: Iterable<ClipPicture>): Promise<Buffer[]> {
  const encoder = await Encoder.create(FF_ENCODER_MJPEG, { options: { strict: 'unofficial' } });
  const scaler = new SoftwareScaleContext();
  const jpegs: Buffer[] = [];
  let pts = 0n;
  for (const { width, height, data } of pictures) {
    const rgb = blankFrame(width, height, AV_PIX_FMT_RGB24);
    rgb.fromBuffer(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    const yuv = blankFrame(width, height, AV_PIX_FMT_YUVJ420P);
    if (pts === 0n)
      scaler.getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUVJ420P, SWS_BILINEAR);
    scaler.scaleFrameSync(yuv, rgb);
    yuv.pts = pts++;
    yuv.timeBase = new Rational(1, 10);
    for (const packet of await encoder.encodeAll(yuv)) jpegs.push(Buffer.from(packet.data ?? []));
  }
  encoder.close();
  return jpegs;
}

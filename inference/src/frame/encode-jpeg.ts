import type { Frame } from './frame.ts';

/**
 * A frame as JPEG (4:2:0). Loaded with the first one: libjpeg-turbo where its package has a binary for this
 * platform, libvips elsewhere.
 * @param quality 1–100
 */
export async function encodeJpeg({ width, height, data }: Frame, quality: number): Promise<Buffer> {
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const turbo = await import('@julusian/jpeg-turbo').then(
    (module) => ('default' in module ? (module.default as typeof module) : module),
    () => null,
  );
  if (turbo) {
    const { FORMAT_RGB: format, SAMP_420: subsampling } = turbo;
    return turbo.compress(raw, { ...{ format, width, height, quality, subsampling } });
  }
  const { default: sharp } = await import('sharp');
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

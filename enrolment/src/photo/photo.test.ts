import { samplePhoto } from '@watchpost/inference/testing/sample-photos';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePhoto } from './decode-photo.ts';
import { readPhotoHeader } from './photo-header.ts';
import { photoPolicy } from './policy.ts';

/** A picture whose corners differ, so that its orientation shows: red top left, on gray. */
const corner = (width = 60, height = 40) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } }).composite([
    { input: { create: { width: 20, height: 20, channels: 3, background: '#f00' } }, top: 0, left: 0 },
  ]);
const photo = (picture: Sharp, format: 'jpeg' | 'png' | 'webp' = 'jpeg') =>
  picture.toFormat(format).toBuffer();
const decode = async (bytes: Uint8Array) => {
  readPhotoHeader(bytes);
  return decodePhoto(bytes);
};
let jpeg: Buffer;
let png: Buffer;
let webp: Buffer;
beforeAll(async () => {
  [jpeg, png, webp] = await Promise.all([photo(corner()), photo(corner(), 'png'), photo(corner(), 'webp')]);
});
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** A PNG of one chunk more; its checksum is not looked at. */
const withChunk = (name: string, data: Buffer) =>
  Buffer.concat([png.subarray(0, 33), u32(data.length), Buffer.from(name), data, u32(0), png.subarray(33)]);
const sized = (width: number, height: number) => {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
const box = (brand: string) => Buffer.concat([u32(24), Buffer.from(`ftyp${brand}\0\0\0\0mif1heic`)]);
const end = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
const film = Buffer.concat([u32(24), Buffer.from('ftypmp42'), Buffer.alloc(400, 7)]);
const mpf = (rest: Buffer) =>
  Buffer.concat([jpeg.subarray(0, 2), Buffer.from('\xff\xe2\0\x06MPF\0', 'latin1'), jpeg.subarray(2), rest]);

describe('the header of a photo', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['no bytes', () => new Uint8Array(), 'photo_empty'],
    ['more than 20 MB', () => Buffer.concat([jpeg, Buffer.alloc(photoPolicy.bytes)]), 'photo_bytes'],
    ['more than 50 megapixels', () => sized(10_000, 5_001), 'photo_pixels'],
    ['a side without end', () => sized(20_000, 10), 'photo_pixels'],
    ['no size', () => sized(0, 10), 'photo_damaged'],
    ['a text that is called photo.jpg', () => Buffer.from('Dear sir, this is my photo.'), 'photo_format'],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'photo_format'],
    ['a TIFF', () => Buffer.from('II*\0\x08\0\0\0'), 'photo_format'],
    ['an AVIF', () => box('avif'), 'photo_format'],
    ['a HEIC of a phone', () => box('heic'), 'photo_heic'],
    ['a GIF', () => Buffer.from('GIF89a\x01\0\x01\0'), 'photo_animated'],
    ['a PNG that moves', () => withChunk('acTL', Buffer.alloc(8)), 'photo_animated'],
    ['a JPEG that ends early', () => jpeg.subarray(0, jpeg.length - 2), 'photo_damaged'],
    ['a JPEG cut in its header', () => jpeg.subarray(0, 40), 'photo_damaged'],
    ['a PNG that ends early', () => png.subarray(0, png.length - 12), 'photo_damaged'],
    ['a WebP that ends early', () => webp.subarray(0, webp.length - 2), 'photo_damaged'],
    ['a JPEG with something behind', () => Buffer.concat([jpeg, Buffer.from('<html>')]), 'photo_two_kinds'],
    ['a PNG with something behind', () => Buffer.concat([png, Buffer.from('MZ')]), 'photo_two_kinds'],
    ['a WebP with something behind', () => Buffer.concat([webp, Buffer.from('MZ..')]), 'photo_two_kinds'],
    ['a JPEG with an archive behind', () => Buffer.concat([jpeg, end]), 'photo_two_kinds'],
    ['a JPEG with a film behind', () => mpf(film), 'photo_two_kinds'],
    ['a PNG that is a document too', () => withChunk('tEXt', Buffer.from('%PDF-1.7')), 'photo_two_kinds'],
  ])('refuses %s', (_, bytes, code) => {
    expect(() => readPhotoHeader(bytes())).toThrow(expect.objectContaining({ code: `enrolment.${code}` }));
  });

  it('refuses a WebP that moves', async () => {
    const frames = await sharp(
      [await photo(corner(20, 20), 'png'), await photo(corner(20, 20).negate(), 'png')],
      {
        join: { animated: true },
      },
    )
      .webp()
      .toBuffer();
    expect(() => readPhotoHeader(frames)).toThrow(
      expect.objectContaining({ code: 'enrolment.photo_animated' }),
    );
  });

  it.each<[string, () => Uint8Array]>([
    ['a second picture that the JPEG announces', () => mpf(Buffer.concat([Buffer.alloc(9), jpeg]))],
    ['padding', () => Buffer.concat([jpeg, Buffer.alloc(512)])],
    ['a list of settings of a Samsung camera', () => Buffer.concat([jpeg, Buffer.from('....SEFH....SEFT')])],
    [
      'a comment that mentions archives',
      () =>
        Buffer.concat([
          jpeg.subarray(0, 2),
          Buffer.from('\xff\xfe\0\x08PK\x05\x06ok', 'latin1'),
          jpeg.subarray(2),
        ]),
    ],
  ])('accepts %s', (_, bytes) => {
    expect(readPhotoHeader(bytes())).toEqual({ format: 'jpeg', width: 60, height: 40 });
  });

  it('knows the sizes of all three kinds, progressive and lossless ones too', async () => {
    const kinds = [
      png,
      webp,
      await corner().webp({ lossless: true }).toBuffer(),
      await corner().jpeg({ progressive: true }).toBuffer(),
    ];
    for (const bytes of kinds) expect(readPhotoHeader(bytes)).toMatchObject({ width: 60, height: 40 });
    const clear = await sharp({ create: { width: 60, height: 40, channels: 4, background: '#f008' } })
      .webp()
      .toBuffer();
    expect(readPhotoHeader(clear)).toEqual({ format: 'webp', width: 60, height: 40 });
  });
});

describe('a decoded photo', () => {
  /** Where the red corner is. */
  const redAt = ({ width, height, pixels }: { width: number; height: number; pixels: Uint8Array }) => {
    const red = (x: number, y: number) =>
      (pixels[3 * (y * width + x)] ?? 0) > (pixels[3 * (y * width + x) + 1] ?? 0) + 90;
    return `${width > height ? 'wide' : 'high'} ${['left', 'right'].filter((side) => ['top', 'low'].some((row) => red(side === 'left' ? 3 : width - 4, row === 'top' ? 3 : height - 4)))} ${['top', 'low'].filter((row) => ['left', 'right'].some((side) => red(side === 'left' ? 3 : width - 4, row === 'top' ? 3 : height - 4)))}`;
  };

  it('is turned as each of the eight orientations of EXIF says, and says nothing of it any more', async () => {
    const seen: string[] = [];
    for (let orientation = 1; orientation <= 8; orientation++) {
      const bytes = await sharp(jpeg)
        .withMetadata({ orientation, exif: { IFD0: { Artist: 'Somebody' } } })
        .toBuffer();
      const decoded = await decode(bytes);
      seen.push(redAt(decoded));
      expect(decoded.pixels.length).toBe(decoded.width * decoded.height * 3);
      const { exif, icc, xmp, orientation: kept } = await sharp(decoded.jpeg).metadata();
      expect([exif, icc, xmp, kept]).toEqual([undefined, undefined, undefined, undefined]);
      expect(Buffer.from(decoded.jpeg).includes('Somebody')).toBe(false);
    }
    expect(seen).toEqual([
      ...['wide left top', 'wide right top', 'wide right low', 'wide left low'],
      ...['high left top', 'high right top', 'high right low', 'high left low'],
    ]);
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['gray', () => corner().grayscale().jpeg().toBuffer()],
    ['printed in four colours', () => corner().toColourspace('cmyk').jpeg().toBuffer()],
    ['of 16 bits', () => corner().toColourspace('rgb16').png().toBuffer()],
    ['with a palette', () => corner().png({ palette: true }).toBuffer()],
    ['see-through', () => corner().ensureAlpha(0.5).png().toBuffer()],
    ['of another format', async () => webp],
  ])('may be %s', async (_, made) => {
    const { width, height, pixels } = await decode(await made());
    expect([width, height, pixels.length]).toEqual([60, 40, 7200]);
    expect(Math.abs((pixels[3 * (30 * 60 + 50)] ?? 0) - 128)).toBeLessThan(20);
  });

  it('is made smaller where it is large, with the same sides', async () => {
    const { width, height } = await decode(await samplePhoto(1));
    expect(Math.max(width, height)).toBe(photoPolicy.keptSide);
  });

  it('is refused where its data are damaged, though its header is good', async () => {
    const holed = Buffer.from(png).fill(0x5a, png.length - 40, png.length - 20);
    await expect(decode(holed)).rejects.toMatchObject({ code: 'enrolment.photo_damaged' });
    await expect(decodePhoto(Buffer.from('GIF89a'))).rejects.toMatchObject({
      code: 'enrolment.photo_damaged',
    });
  });

  it('ends its process alone when that takes too much memory or time', async () => {
    const flat = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#123' } })
      .png({ progressive: true })
      .toBuffer();
    readPhotoHeader(flat);
    const plenty = { decodeMs: 100_000, decodeCpuMs: 100_000, decodeBytes: 1e12 };
    for (const limit of [{ decodeBytes: 90 * 1024 * 1024 }, { decodeCpuMs: 50 }, { decodeMs: 20 }])
      await expect(decodePhoto(flat, { ...plenty, ...limit })).rejects.toMatchObject({
        code: 'enrolment.photo_costly',
      });
  });
});

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import type { CastMember, Crop } from './cast.ts';

/** A picture with transparency: RGBA, 4 bytes a pixel, row by row. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
}

/** Height of a walking person in the picture, pixels; the face is then about a third of it. */
const personHeight = 330;
const passSide = 330;

function samplePhoto(photo: number): string {
  return fileURLToPath(import.meta.resolve(`@vladmandic/face-api/demo/sample${photo}.jpg`));
}

function cropped({ photo, left, top, width, height }: Crop) {
  return sharp(samplePhoto(photo)).extract({ left, top, width, height });
}

/** The photo that a person is enrolled from, as JPEG. */
export async function enrolmentPhoto({ enrolment }: CastMember): Promise<Uint8Array | null> {
  if (!enrolment) return null;
  const { scaledTo, width, mirrored, turned } = enrolment;
  let image = cropped(enrolment).resize({ width: scaledTo ?? width });
  if (turned !== undefined) image = image.rotate(turned, { background: '#888' });
  if (mirrored) image = image.flop().modulate({ brightness: 0.92 });
  return image.jpeg({ quality: 90 }).toBuffer();
}

/** Head and shoulders, cut out softly so that they stand before the gate. */
export async function personSprite({ scene }: CastMember): Promise<Sprite> {
  const height = personHeight;
  const width = Math.round((scene.width / scene.height) * height);
  const mask = Buffer.from(
    `<svg width="${width}" height="${height}"><defs><filter id="soft"><feGaussianBlur stdDeviation="5"/></filter></defs>
     <path filter="url(#soft)" fill="#fff" d="M${width * 0.18} ${height} V${height * 0.3} A${width * 0.32} ${height * 0.28} 0 0 1 ${width * 0.82} ${height * 0.3}
     V${height * 0.5} L${width * 0.96} ${height * 0.62} V${height} Z M${width * 0.18} ${height} H${width * 0.04} V${height * 0.62} L${width * 0.18} ${height * 0.5} Z"/></svg>`,
  );
  const { data } = await cropped(scene)
    .resize(width, height)
    .ensureAlpha()
    .composite([{ input: mask, blend: 'dest-in' }])
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, rgba: data };
}

let writer: Promise<unknown> | undefined;

/** A pass as a QR code on a white card. */
export async function passSprite(text: string): Promise<Sprite> {
  writer ??= readFile(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm'))).then(
    (wasm) =>
      prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true }),
  );
  await writer;
  const { svg, error } = await writeBarcode(text, { format: 'QRCode', scale: 1, addQuietZones: true });
  if (error) throw new Error(`The QR code cannot be drawn: ${error}`);
  const { data } = await sharp(Buffer.from(svg), { density: 300 })
    .resize(passSide, passSide, { kernel: 'nearest' })
    .flatten({ background: '#fff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: passSide, height: passSide, rgba: data };
}

/** A plain gate: wall, posts and a barrier. RGB, 3 bytes a pixel. */
export async function gateBackdrop(width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#b9c0c4"/><rect y="${height * 0.78}" width="100%" height="22%" fill="#7d8488"/>
    <rect x="20" y="60" width="26" height="${height}" fill="#8d959a"/><rect x="${width - 46}" y="60" width="26" height="${height}" fill="#8d959a"/>
    <rect x="20" y="44" width="${width - 40}" height="20" fill="#6b7479"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
}

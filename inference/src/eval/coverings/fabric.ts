import type { Frame, Point } from '../../frame/frame.ts';
import type { Random } from './random.ts';

/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

/** As SVG writes it. */
export const rgb = (colour: Rgb): string =>
  `rgb(${colour.map((c) => Math.round(Math.max(0, Math.min(255, c)))).join()})`;

/** The colour of the cheeks, from the middle of the samples by brightness. */
export function skinOf(frame: Frame, at: (index: number) => Point, random: Random): Rgb {
  const samples: Rgb[] = [];
  for (let i = 0; i < 40; i++) {
    const side = i % 2 === 0 ? ([1, 31] as const) : ([15, 35] as const);
    const t = 0.35 + 0.4 * random();
    const x = Math.round(at(side[0]).x + (at(side[1]).x - at(side[0]).x) * t);
    const y = Math.round(at(side[0]).y + (at(side[1]).y - at(side[0]).y) * t);
    if (x < 0 || y < 0 || x >= frame.width || y >= frame.height) continue;
    const k = 3 * (y * frame.width + x);
    samples.push([frame.data[k] ?? 0, frame.data[k + 1] ?? 0, frame.data[k + 2] ?? 0]);
  }
  samples.sort((a, b) => a[1] - b[1]);
  return samples[samples.length >> 1] ?? [180, 140, 120];
}

const anyColour = (random: Random): Rgb => [255 * random(), 255 * random(), 255 * random()];

function baseColour(kind: string, skin: Rgb, random: Random): Rgb {
  const near = (colour: Rgb, by: number): Rgb => [
    colour[0] + (random() - 0.5) * by,
    colour[1] + (random() - 0.5) * by,
    colour[2] + (random() - 0.5) * by,
  ];
  switch (kind) {
    case 'surgical':
      return near(
        (
          [
            [165, 205, 225],
            [235, 238, 240],
            [160, 205, 180],
            [235, 200, 210],
          ] as const
        )[Math.floor(4 * random())] ?? [165, 205, 225],
        20,
      );
    case 'dark':
      return near([24, 24, 28], 30);
    case 'cup':
      return near(random() < 0.7 ? [238, 238, 236] : [40, 40, 44], 16);
    case 'skin_coloured':
      return near([skin[0] * 0.97, skin[1] * 0.97, skin[2] * 0.97], 16);
    default:
      return anyColour(random);
  }
}

/** A fill for what is drawn, and the definitions that it needs; `#cloth` is the filter of its weave. */
export function fabricDefs(
  kind: string,
  skin: Rgb,
  unit: number,
  random: Random,
): { readonly defs: string; readonly fill: string; readonly colour: Rgb } {
  const colour = baseColour(kind, skin, random);
  const weave = `<filter id="cloth" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="${(0.05 + 0.5 * random()).toFixed(2)}" numOctaves="2" seed="${Math.floor(1000 * random())}"/><feColorMatrix type="matrix" values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 ${(0.1 + 0.25 * random()).toFixed(2)} 0"/><feComposite operator="in" in2="SourceGraphic"/><feMerge><feMergeNode in="SourceGraphic"/><feMergeNode/></feMerge></filter>`;
  if (kind !== 'patterned') return { defs: weave, fill: rgb(colour), colour };
  const other = rgb(anyColour(random));
  const size = (0.06 + 0.14 * random()) * unit;
  const motif = [
    `<circle cx="${size / 2}" cy="${size / 2}" r="${size / 3}" fill="${other}"/>`,
    `<rect width="${size / 2}" height="${size}" fill="${other}"/>`,
    `<rect width="${size / 2}" height="${size / 2}" fill="${other}"/><rect x="${size / 2}" y="${size / 2}" width="${size / 2}" height="${size / 2}" fill="${other}"/>`,
    `<path d="M0 0L${size} ${size}M${size} 0L0 ${size}" stroke="${other}" stroke-width="${size / 5}"/>`,
  ][Math.floor(4 * random())];
  const pattern = `<pattern id="p" width="${size.toFixed(1)}" height="${size.toFixed(1)}" patternUnits="userSpaceOnUse" patternTransform="rotate(${Math.round(90 * random())})"><rect width="100%" height="100%" fill="${rgb(colour)}"/>${motif}</pattern>`;
  return { defs: weave + pattern, fill: 'url(#p)', colour };
}

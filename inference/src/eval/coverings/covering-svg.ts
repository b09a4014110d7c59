import type { Frame, Point } from '../../frame/frame.ts';
import { fabricDefs, type Rgb, rgb, skinOf } from './fabric.ts';
import type { CoveringKind } from './kinds.ts';
import type { Random } from './random.ts';

interface Drawing {
  readonly frame: Frame;
  readonly at: (index: number) => Point;
  /** Distance of the outer corners of the eyes. */
  readonly unit: number;
  /** Towards the chin, of length 1. */
  readonly down: Point;
  readonly random: Random;
}

const mix = (a: Point, b: Point, t: number): Point => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
});
const moved = ({ x, y }: Point, by: Point, length: number): Point => ({
  x: x + by.x * length,
  y: y + by.y * length,
});
const f = (value: number) => value.toFixed(1);
const dot = ({ x, y }: Point) => `${f(x)} ${f(y)}`;

/** A closed curve through the points (quadratic, through the middles). */
function smooth(points: readonly Point[]): string {
  const middles = points.map((point, i) => mix(point, points[(i + 1) % points.length] ?? point, 0.5));
  const last = middles.at(-1) ?? { x: 0, y: 0 };
  return `M${dot(last)}${points.map((point, i) => `Q${dot(point)} ${dot(middles[i] ?? point)}`).join('')}Z`;
}

/** The overlay as SVG; empty for `nothing`. */
export function coveringSvg(
  frame: Frame,
  points: readonly Point[],
  kind: CoveringKind,
  random: Random,
): string {
  const at = (index: number): Point => points[index] ?? { x: 0, y: 0 };
  const left = at(36);
  const right = at(45);
  const unit = Math.hypot(right.x - left.x, right.y - left.y);
  const down = { x: -(right.y - left.y) / unit, y: (right.x - left.x) / unit };
  const body = draw(kind, { frame, at, unit, down, random });
  if (body === '') return '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${frame.width}" height="${frame.height}">${body}</svg>`;
}

function draw(kind: CoveringKind, d: Drawing): string {
  switch (kind) {
    case 'nothing':
      return '';
    case 'beard':
    case 'stubble':
      return hair(d, kind === 'beard');
    case 'scarf_below_chin':
      return scarf(d, 0.12 + 0.25 * d.random(), false);
    case 'scarf_over_nose':
      return scarf(d, 0, true);
    case 'side_shadow':
    case 'lower_shadow':
      return shadow(d, kind === 'side_shadow');
    case 'clear_glasses':
    case 'dark_glasses':
      return glasses(d, kind === 'dark_glasses');
    default:
      return mask(kind, d);
  }
}

type MaskKind = Exclude<
  CoveringKind,
  | 'nothing'
  | 'beard'
  | 'stubble'
  | 'scarf_below_chin'
  | 'scarf_over_nose'
  | 'side_shadow'
  | 'lower_shadow'
  | 'clear_glasses'
  | 'dark_glasses'
>;

function mask(kind: MaskKind, { frame, at, unit, down, random }: Drawing): string {
  const under = kind === 'under_nose';
  const first = under ? 3 : random() < 0.5 ? 1 : 2;
  const jaw = Array.from({ length: 17 - 2 * first }, (_, i) => at(first + i));
  const centre = at(33);
  const grown = jaw.map((point) => mix(centre, point, 1.02 + 0.06 * random()));
  const lowest = grown.map((point, i) =>
    Math.abs(i - grown.length / 2) < 3 ? moved(point, down, 0.06 * unit) : point,
  );
  const top = under ? mix(at(33), at(51), 0.35 + 0.3 * random()) : mix(at(28), at(29), random());
  const rise = (side: number) => mix(at(side), top, 0.45 + 0.2 * random());
  const nearTop = under
    ? [mix(at(13), top, 0.5), top, mix(at(3), top, 0.5)]
    : [rise(15), mix(at(42), top, 0.75), top, mix(at(39), top, 0.75), rise(1)];
  const outline = smooth([...lowest, ...nearTop]);
  const { defs, fill, colour } = fabricDefs(kind, skinOf(frame, at, random), unit, random);
  const extras: string[] = [];
  if (kind === 'surgical' || (under && random() < 0.5))
    for (const t of [0.3, 0.5, 0.7])
      extras.push(
        line(
          mix(at(3), at(5), t),
          mix(mix(top, at(8), t), at(33), 0),
          mix(at(13), at(11), t),
          unit,
          rgb(darker(colour, 0.8)),
          0.5,
        ),
      );
  if (kind === 'cup')
    extras.push(line(top, mix(top, at(8), 0.5), at(8), unit, rgb(darker(colour, 0.75)), 0.8));
  if (kind === 'cup' && random() < 0.4) {
    const valve = mix(at(8), at(13), 0.4 + 0.2 * random());
    extras.push(
      `<circle cx="${f(valve.x)}" cy="${f(valve.y)}" r="${f(0.12 * unit)}" fill="${rgb(darker(colour, 0.9))}" stroke="#888"/>`,
    );
  }
  for (const [ear, edge] of [
    [0, grown[0]],
    [16, grown.at(-1)],
  ] as const)
    if (edge) extras.push(line(edge, mix(edge, at(ear), 0.5), at(ear), unit, '#eee', 0.8));
  return `<defs>${defs}${shade(at, down, random)}</defs><path d="${outline}" fill="${fill}" filter="url(#cloth)"/><path d="${outline}" fill="url(#shade)"/>${extras.join('')}`;
}

const darker = (colour: Rgb, by: number): Rgb => [colour[0] * by, colour[1] * by, colour[2] * by];

const line = (a: Point, through: Point, b: Point, unit: number, stroke: string, opacity: number) =>
  `<path d="M${dot(a)}Q${dot(through)} ${dot(b)}" fill="none" stroke="${stroke}" stroke-width="${f(Math.max(0.8, 0.02 * unit))}" opacity="${opacity}"/>`;

/** Light from one side over what is drawn. */
function shade(at: Drawing['at'], down: Point, random: Random): string {
  const strength = 0.1 + 0.35 * random();
  const [from, to] = random() < 0.5 ? [at(2), at(14)] : [at(14), at(2)];
  const low = moved(to, down, 10 * random());
  return `<linearGradient id="shade" gradientUnits="userSpaceOnUse" x1="${f(from.x)}" y1="${f(from.y)}" x2="${f(low.x)}" y2="${f(low.y)}"><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity="${f(strength)}"/></linearGradient>`;
}

function scarf({ frame, at, unit, down, random }: Drawing, gap: number, overNose: boolean): string {
  const wide = { x: down.y, y: -down.x };
  const chin = at(8);
  const top = overNose
    ? [at(1), mix(at(1), at(29), 0.6), mix(at(28), at(30), random()), mix(at(15), at(29), 0.6), at(15)]
    : [
        moved(moved(chin, down, gap * unit - 0.25 * unit), wide, 0.9 * unit),
        moved(moved(chin, down, gap * unit), wide, 0.4 * unit),
        moved(chin, down, (gap + 0.04) * unit),
        moved(moved(chin, down, gap * unit), wide, -0.4 * unit),
        moved(moved(chin, down, gap * unit - 0.25 * unit), wide, -0.9 * unit),
      ];
  const bottom = [
    moved(moved(chin, down, 1.4 * unit), wide, -1.2 * unit),
    moved(moved(chin, down, 1.4 * unit), wide, 1.2 * unit),
  ];
  const ordered = [...top, ...(overNose ? bottom.toReversed() : bottom)];
  const { defs, fill } = fabricDefs(
    random() < 0.5 ? 'cloth' : 'patterned',
    skinOf(frame, at, random),
    unit,
    random,
  );
  const outline = smooth(ordered);
  const folds = Array.from({ length: 5 }, (_, i) =>
    line(
      mix(ordered[0] ?? chin, bottom[1] ?? chin, 0.15 * i),
      moved(chin, down, (gap + 0.2 * (i + 1)) * unit),
      mix(ordered[4] ?? chin, bottom[0] ?? chin, 0.15 * i),
      unit,
      '#000',
      0.25,
    ),
  );
  return `<defs>${defs}</defs><path d="${outline}" fill="${fill}" filter="url(#cloth)"/>${folds.join('')}`;
}

function hair({ at, unit, random }: Drawing, full: boolean): string {
  const tone = rgb(
    (
      [
        [25, 18, 14],
        [70, 45, 25],
        [120, 110, 100],
        [150, 100, 50],
      ] as const
    )[Math.floor(4 * random())] ?? [25, 18, 14],
  );
  const strokes: string[] = [];
  const length = full ? 0.1 : 0.03;
  const width = Math.max(0.6, 0.012 * unit);
  for (let i = 0; i < (full ? 900 : 500); i++) {
    const j = 3 + 10 * random();
    const edge = mix(at(Math.floor(j)), at(Math.ceil(j)), j % 1);
    // Between jaw and mouth, and above the upper lip: lips and nose stay free.
    const upper = random() < 0.2;
    const lip = upper ? mix(at(48), at(54), random()) : mix(at(59), at(55), random());
    const root = upper
      ? mix(lip, mix(at(33), lip, 0.3), 0.35 + 0.3 * random())
      : mix(edge, mix(at(57), lip, 0.5), 0.8 * random());
    const tip = { x: root.x + (random() - 0.5) * length * unit, y: root.y + length * unit * random() };
    strokes.push(`M${dot(root)}L${dot(tip)}`);
  }
  return `<path d="${strokes.join('')}" stroke="${tone}" stroke-width="${f(width)}" stroke-opacity="${full ? 0.75 : 0.45}" fill="none"/>`;
}

function shadow({ frame, at, down, unit, random }: Drawing, side: boolean): string {
  const strength = 0.35 + 0.2 * random();
  const from = side ? (random() < 0.5 ? at(2) : at(14)) : moved(at(8), down, 0.3 * unit);
  const to = side ? at(30) : at(29);
  const soft = mix(from, to, 0.8);
  return `<defs><linearGradient id="s" gradientUnits="userSpaceOnUse" x1="${f(soft.x)}" y1="${f(soft.y)}" x2="${f(to.x)}" y2="${f(to.y)}"><stop offset="0" stop-color="#000" stop-opacity="${f(strength)}"/><stop offset="1" stop-color="#000" stop-opacity="0"/></linearGradient></defs><rect width="${frame.width}" height="${frame.height}" fill="url(#s)"/>`;
}

function glasses({ at, unit, random }: Drawing, dark: boolean): string {
  const tint = dark
    ? rgb(
        (
          [
            [12, 12, 14],
            [40, 26, 14],
            [18, 30, 24],
            [20, 22, 50],
          ] as const
        )[Math.floor(4 * random())] ?? [12, 12, 14],
      )
    : 'none';
  const opacity = dark ? 0.86 + 0.14 * random() : 1;
  const frameTone = random() < 0.5 ? '#111' : '#765';
  const round = random() < 0.5;
  const lenses = (
    [
      [36, 39],
      [42, 45],
    ] as const
  ).map(([a, b]) => {
    const centre = mix(at(a), at(b), 0.5);
    const angle = (Math.atan2(at(b).y - at(a).y, at(b).x - at(a).x) * 180) / Math.PI;
    const w = (0.2 + 0.05 * random()) * unit;
    const h = (0.13 + 0.06 * random()) * unit;
    return `<rect x="${f(centre.x - w)}" y="${f(centre.y - h * 0.85)}" width="${f(2 * w)}" height="${f(2 * h)}" rx="${f(round ? h : h * 0.3)}" transform="rotate(${f(angle)} ${dot(centre)})" fill="${tint}" fill-opacity="${opacity.toFixed(2)}" stroke="${frameTone}" stroke-width="${f(0.02 * unit)}"/>`;
  });
  const arms = [
    line(at(0), mix(at(0), at(36), 0.5), at(36), unit, frameTone, 0.9),
    line(at(45), mix(at(16), at(45), 0.5), at(16), unit, frameTone, 0.9),
    line(at(39), at(27), at(42), unit, frameTone, 0.9),
  ];
  const glint =
    dark && random() < 0.5 ? line(mix(at(37), at(36), 0.5), at(37), at(38), unit, '#fff', 0.5) : '';
  return `${lenses.join('')}${arms.join('')}${glint}`;
}

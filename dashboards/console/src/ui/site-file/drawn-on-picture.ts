import type { SiteEdit } from '@watchpost/contracts/api';
import { editsBetween } from './edits-between.ts';
import { entriesOf, type Fields, freeId, nameIn, type Point, pointOf, textOf } from './file-value.ts';

/** A part of a picture that is blanked before anything looks at it. */
export interface Mask {
  readonly name: string;
  readonly outline: readonly Point[];
}

/** A line in a picture; `line` is the id of the site’s line, whose name it bears. */
export interface CameraLine {
  readonly line: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  readonly points: readonly Point[];
  readonly inside: 'left' | 'right';
}

/** How a picture is drawn on: in parts of its width and height. */
export const pictureGround = { width: 1, height: 1, grain: 0.005 } as const;

export const masksOf = (camera: Fields, pointsOf: (value: unknown) => readonly Point[]): readonly Mask[] =>
  entriesOf(camera.masks).map(({ name, outline }) => ({ name: textOf(name), outline: pointsOf(outline) }));

/** A new line of the site, whose id nothing else bears. */
export function newLine(file: Fields, drawn: readonly CameraLine[], name: CameraLine['name']): CameraLine {
  const taken = [...entriesOf(file.lines).map(({ id }) => textOf(id)), ...drawn.map(({ line }) => line)];
  return { line: freeId('line', taken), name, points: [], inside: 'left' };
}

/**
 * What has to be edited so that a camera has these masks and lines. A line that the site does not know yet is
 * made, of the camera’s zone.
 */
export function pictureEdits(
  file: Fields,
  index: number,
  { masks, lines }: { readonly masks: readonly Mask[]; readonly lines: readonly CameraLine[] },
): SiteEdit[] {
  const camera = entriesOf(file.devices)[index] ?? {};
  const known = new Set(entriesOf(file.lines).map(({ id }) => id));
  const made = lines.filter(({ line }) => !known.has(line));
  const drawn = lines.flatMap(({ line, points: [from, to], inside }) =>
    from && to ? [{ line, from, to, inside }] : [],
  );
  return [
    ...made.map(
      ({ line, name }): SiteEdit => ({
        path: ['lines', '-'],
        value: { id: line, zone: textOf(camera.zone), name },
      }),
    ),
    ...editsBetween(camera.masks, masks.length > 0 ? masks : undefined, ['devices', index, 'masks']),
    ...editsBetween(camera.lines, drawn.length > 0 ? drawn : undefined, ['devices', index, 'lines']),
  ];
}

/** What a new line of a camera is called, in both languages. */
export const lineName = (camera: Fields): CameraLine['name'] => ({
  'zh-CN': `${nameIn(camera, 'zh-CN')}警戒线`,
  en: `${nameIn(camera, 'en')} line`,
});

/** The lines of a camera as they stand in the file, with the names that the site gives them. */
export function linesOf(file: Fields, camera: Fields): readonly CameraLine[] {
  const site = entriesOf(file.lines);
  return entriesOf(camera.lines).map(({ line, from, to, inside }) => {
    const id = textOf(line);
    const known = site.find((one) => one.id === id) ?? { id };
    return {
      line: id,
      name: { 'zh-CN': nameIn(known, 'zh-CN'), en: nameIn(known, 'en') },
      points: [from, to].flatMap((end) => {
        const point = pointOf(end);
        return point ? [point] : [];
      }),
      inside: inside === 'right' ? 'right' : 'left',
    };
  });
}

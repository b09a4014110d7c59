import type { SiteEdit } from '@watchpost/contracts/api';
import { editsBetween } from './edits-between.ts';
import {
  entriesOf,
  type Fields,
  freeId,
  nameIn,
  type Point,
  pointOf,
  pointsOf,
  textOf,
} from './file-value.ts';

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

/** A part of a picture that is another zone; `zone` is its id, whose name it bears. */
export interface CameraArea {
  readonly zone: string;
  readonly name: CameraLine['name'];
  readonly outline: readonly Point[];
}

/** Everything that is drawn on the picture of a camera. */
export interface DrawnOnPicture {
  readonly masks: readonly Mask[];
  readonly lines: readonly CameraLine[];
  readonly areas: readonly CameraArea[];
}

/** How a picture is drawn on: in parts of its width and height. */
export const pictureGround = { width: 1, height: 1, grain: 0.005 } as const;

export const masksOf = (camera: Fields): readonly Mask[] =>
  entriesOf(camera.masks).map(({ name, outline }) => ({ name: textOf(name), outline: pointsOf(outline) }));

/** A new line of the site, whose id nothing else bears. */
export function newLine(file: Fields, drawn: readonly CameraLine[], name: CameraLine['name']): CameraLine {
  const taken = [...entriesOf(file.lines).map(({ id }) => textOf(id)), ...drawn.map(({ line }) => line)];
  return { line: freeId('line', taken), name, points: [], inside: 'left' };
}

/**
 * The first zone that may be drawn: one of the site other than the camera’s and than those that are drawn, or
 * a new one.
 */
export function newArea(
  file: Fields,
  camera: Fields,
  drawn: readonly CameraArea[],
  name: CameraArea['name'],
): CameraArea {
  const [known] = zonesToDraw(file, camera, drawn);
  if (known) return { ...known, outline: [] };
  const taken = [...entriesOf(file.zones).map(({ id }) => textOf(id)), ...drawn.map(({ zone }) => zone)];
  return { zone: freeId('zone', taken), name, outline: [] };
}

/** Zones of the site that are not in the picture yet. */
export const zonesToDraw = (
  file: Fields,
  camera: Fields,
  drawn: readonly CameraArea[],
): readonly Pick<CameraArea, 'zone' | 'name'>[] =>
  entriesOf(file.zones).flatMap((zone) => {
    const id = textOf(zone.id);
    const isTaken = id === camera.zone || drawn.some((one) => one.zone === id);
    return isTaken ? [] : [{ zone: id, name: namesOf(zone) }];
  });

/** The areas of a camera as they stand in the file, with the names of their zones. */
export function areasOf(file: Fields, camera: Fields): readonly CameraArea[] {
  const zones = entriesOf(file.zones);
  return entriesOf(camera.areas).map(({ zone, outline }) => {
    const id = textOf(zone);
    const known = zones.find((one) => one.id === id) ?? { id };
    return { zone: id, name: namesOf(known), outline: pointsOf(outline) };
  });
}

const namesOf = (entry: Fields): CameraLine['name'] => ({
  'zh-CN': nameIn(entry, 'zh-CN'),
  en: nameIn(entry, 'en'),
});

/**
 * What has to be edited so that this is drawn on the picture of a camera. A line that the site does not know
 * yet is made, of the camera’s zone; so is a zone, which is on the plan where the camera’s zone is until
 * somebody draws it there.
 */
export function pictureEdits(
  file: Fields,
  index: number,
  { masks, lines, areas }: DrawnOnPicture,
): SiteEdit[] {
  const camera = entriesOf(file.devices)[index] ?? {};
  const known = new Set(entriesOf(file.lines).map(({ id }) => id));
  const made = lines.filter(({ line }) => !known.has(line));
  const drawn = lines.flatMap(({ line, points: [from, to], inside }) =>
    from && to ? [{ line, from, to, inside }] : [],
  );
  const zones = entriesOf(file.zones);
  const around = zones.find(({ id }) => id === camera.zone) ?? {};
  const newZones = areas.filter(
    ({ zone, outline }) => outline.length > 0 && !zones.some(({ id }) => id === zone),
  );
  const drawnAreas = areas.flatMap(({ zone, outline }) => (outline.length > 0 ? [{ zone, outline }] : []));
  return [
    ...newZones.map(
      ({ zone, name }): SiteEdit => ({
        path: ['zones', '-'],
        value: { ...around, id: zone, name } as SiteEdit['value'],
      }),
    ),
    ...made.map(
      ({ line, name }): SiteEdit => ({
        path: ['lines', '-'],
        value: { id: line, zone: textOf(camera.zone), name },
      }),
    ),
    ...editsBetween(camera.masks, masks.length > 0 ? masks : undefined, ['devices', index, 'masks']),
    ...editsBetween(camera.areas, drawnAreas.length > 0 ? drawnAreas : undefined, [
      'devices',
      index,
      'areas',
    ]),
    ...editsBetween(camera.lines, drawn.length > 0 ? drawn : undefined, ['devices', index, 'lines']),
  ];
}

/** What a new line of a camera is called, in both languages. */
export const lineName = (camera: Fields): CameraLine['name'] => ({
  'zh-CN': `${nameIn(camera, 'zh-CN')}警戒线`,
  en: `${nameIn(camera, 'en')} line`,
});

/** What a new zone in the picture of a camera is called, in both languages. */
export const areaName = (camera: Fields): CameraArea['name'] => ({
  'zh-CN': `${nameIn(camera, 'zh-CN')}区域`,
  en: `${nameIn(camera, 'en')} area`,
});

/** The lines of a camera as they stand in the file, with the names that the site gives them. */
export function linesOf(file: Fields, camera: Fields): readonly CameraLine[] {
  const site = entriesOf(file.lines);
  return entriesOf(camera.lines).map(({ line, from, to, inside }) => {
    const id = textOf(line);
    const known = site.find((one) => one.id === id) ?? { id };
    return {
      line: id,
      name: namesOf(known),
      points: [from, to].flatMap((end) => {
        const point = pointOf(end);
        return point ? [point] : [];
      }),
      inside: inside === 'right' ? 'right' : 'left',
    };
  });
}

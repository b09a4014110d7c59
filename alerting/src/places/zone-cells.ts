import { planOfZone, type Site, type SitePlan } from '@watchpost/contracts/site';
import { cellToLatLng } from 'h3-js';
import { toPlan } from './plan-projection.ts';

type Point = readonly [x: number, y: number];

/** Whether a point lies within a polygon: a ray from it crosses the border an odd number of times. */
function isWithin([x, y]: Point, outline: readonly Point[]): boolean {
  let within = false;
  outline.forEach(([x1, y1], index) => {
    const [x2, y2] = outline[(index + 1) % outline.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  });
  return within;
}

/** Tells the cells of these zones on a plan: those whose centre lies in one of them. */
export function cellsOfZones(
  site: Site,
  plan: SitePlan,
  zones: readonly string[],
): (cell: string) => boolean {
  const outlines = site.zones
    .filter(({ id }) => zones.includes(id) && planOfZone(site, id).id === plan.id)
    .map(({ outline }) => outline);
  return (cell) => {
    const [x, y] = toPlan(plan.northWest, cellToLatLng(cell));
    return outlines.some((outline) => isWithin([x, y], outline));
  };
}

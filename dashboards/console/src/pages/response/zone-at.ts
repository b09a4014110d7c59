import type { Site } from '@watchpost/contracts/site';

type Point = readonly [number, number];

/** Whether a point lies within an outline, by the number of its edges that a ray crosses. */
function isWithin([x, y]: Point, outline: readonly Point[]): boolean {
  let isIn = false;
  for (const [index, [x1, y1]] of outline.entries()) {
    const [x2, y2] = outline[(index + 1) % outline.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isIn = !isIn;
  }
  return isIn;
}

/** The zone in which a point of a plan lies; undefined where it is in none. */
export const zoneAt = (site: Site, { plan, at }: { readonly plan: string; readonly at: Point }) =>
  site.zones.find((zone) => (zone.plan ?? site.plan.id) === plan && isWithin(at, zone.outline));

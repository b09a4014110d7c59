/**
 * The classes of the heat map. Five classes can be told apart and looked up in the legend, a continuous ramp
 * cannot; they are even in the square root, because a few busy places would otherwise push all others into
 * the lowest class.
 */
export const heatClassCount = 5;

/** The scale goes down only when the hottest place falls below this part of its top. */
const keepAbove = 0.3;

/** The smallest of 1, 2, 5, 10, 20 … (times a power of ten) that is not below a number. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/**
 * Top of the scale in expected events per day: a round number that the hottest place does not exceed. It is
 * kept from one map to the next as long as it fits, so that a colour goes on meaning the same; 0 when nothing
 * is expected anywhere.
 * @param before the top of the map before, 0 for the first
 */
export function heatScale(cells: readonly { readonly expectedPerDay: number }[], before: number): number {
  const largest = cells.reduce((most, cell) => Math.max(most, cell.expectedPerDay), 0);
  if (!(largest > 0)) return 0;
  return largest <= before && largest > before * keepAbove ? before : roundUp(largest);
}

/** 1 (coolest) to 5 (hottest); 0 where nothing is expected. */
export function heatClass(expectedPerDay: number, topPerDay: number): number {
  if (!(expectedPerDay > 0 && topPerDay > 0)) return 0;
  const share = Math.min(1, expectedPerDay / topPerDay);
  return Math.min(heatClassCount, Math.max(1, Math.ceil(Math.sqrt(share) * heatClassCount)));
}

export interface HeatLegendEntry {
  readonly heatClass: number;
  /** Expected events per day at the upper end of the class. */
  readonly upToPerDay: number;
}

/** Upper end of each class, coolest first; empty when nothing is expected anywhere. */
export function heatLegend(topPerDay: number): HeatLegendEntry[] {
  if (!(topPerDay > 0)) return [];
  return Array.from({ length: heatClassCount }, (_, index) => ({
    heatClass: index + 1,
    upToPerDay: topPerDay * ((index + 1) / heatClassCount) ** 2,
  }));
}

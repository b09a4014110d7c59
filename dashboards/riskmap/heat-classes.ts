/**
 * The classes of the heat map. Five classes can be told apart and looked up in the legend, a continuous ramp cannot;
 * they are even in the square root, because a few busy places would otherwise push all others into the lowest class.
 */
export const heatClassCount = 5;

/** 1 (coolest) to 5 (hottest); 0 where nothing is expected. */
export function heatClass(intensity: number): number {
  if (!(intensity > 0)) return 0;
  return Math.min(heatClassCount, Math.max(1, Math.ceil(Math.sqrt(Math.min(1, intensity)) * heatClassCount)));
}

export interface HeatLegendEntry {
  readonly heatClass: number;
  /** Expected events per day at the upper end of the class. */
  readonly upToPerDay: number;
}

/** Upper end of each class, coolest first; empty when nothing is expected anywhere. */
export function heatLegend(cells: readonly { readonly expectedPerDay: number }[]): HeatLegendEntry[] {
  const largest = cells.reduce((most, cell) => Math.max(most, cell.expectedPerDay), 0);
  if (largest === 0) return [];
  return Array.from({ length: heatClassCount }, (_, index) => ({
    heatClass: index + 1,
    upToPerDay: largest * ((index + 1) / heatClassCount) ** 2,
  }));
}

const minuteMs = 60_000;

/** Risk of places. Cells and weights in the store were made with these numbers. */
export const placePolicy = {
  /** Half-life of an incident's weight, days. */
  halfLifeDays: 365,
  /** H3 resolution 13: hexagons about 7 m across, some sixty on a site of 60 m × 40 m. */
  resolution: 13,
  /**
   * How far an incident is smeared over the cells around its own: rings, and standard deviation of the
   * Gaussian in cells.
   */
  rings: 2,
  sigmaCells: 1,
  /** Cells that reach this far over the edge of the plan are still drawn, metres. */
  edgeM: 5,
} as const;

/** The heat map. */
export const heatPolicy = {
  /** Without new incidents the map fades so slowly that it is drawn again this often only, milliseconds. */
  redrawnEveryMs: 60 * minuteMs,
} as const;

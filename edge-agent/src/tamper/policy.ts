/** When a lens counts as covered. Brightness is 0…255. */
export const coverPolicy = {
  /** Cells are averaged over about so long: sensor noise goes, what stands there stays. Milliseconds. */
  averageMs: 5_000,
  /** A mean change of all cells by more than this is another scene: averages begin anew. */
  otherScene: 8,
  /** A picture shows nothing when its edges are below this share of its brightness … */
  flatShare: 0.005,
  /** … or below this, which is what compression leaves of nothing. */
  flatFloor: 0.6,
  /** Below this mean brightness a picture without content is black (`dark`) rather than `flat`. */
  darkMean: 24,
  /**
   * The usual brightness is followed over about this long: dusk takes longer, a hand does not. Milliseconds.
   */
  usualMs: 60_000,
  /** With fewer cells that are seen, neighbours included, nothing can be said of edges. */
  leastCells: 9,
} as const;

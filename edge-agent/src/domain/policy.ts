/** When a certificate is renewed; milliseconds unless a name says otherwise. */
export const renewalPolicy = {
  /**
   * Share of the life after which it is due, and how far apart gateways that were claimed together come, as a
   * share of it too.
   */
  dueAfter: 2 / 3,
  spread: 0.1,
  /** Waits after failures: the first, doubling to the longest, … */
  retry: { firstMs: 60_000, maxMs: 6 * 3_600_000 },
  /** … of the life that is left: a certificate that ends soon is not waited for with the longest pause. */
  retryShare: 0.1,
  shortestRetryMs: 1_000,
  /** It expires soon when less than one part in so many of its life is left. */
  soonOneIn: 6,
} as const;

export const healthPolicy = {
  /** How long something unreadable keeps a device `degraded`, milliseconds. */
  degradedForMs: 10_000,
} as const;

/** When an unusual stretch of a series speaks. */
export const anomalyPolicy = {
  /** Score from which a series counts as unusual, and below which it is usual again. */
  speakFrom: 0.5,
  quietBelow: 0.3,
  /** Not more often than this, milliseconds. */
  quietMs: 60_000,
} as const;

export const secondFactorPolicy = {
  /** How long an accepted pass counts for a face that is seen after it, milliseconds. */
  passCountsMs: 30_000,
} as const;

export const visibleCodesPolicy = {
  /** A code counts as in view so long after it was last seen, milliseconds. */
  inViewMs: 1_000,
} as const;

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
} as const;

/** When positions in a stream are believed; milliseconds. */
export const streamClockPolicy = {
  /** A position that did not rise for so long, while pictures came, says nothing about time. */
  stuckAfterMs: 1_000,
  /** Positions of pictures that lean on later ones come out of order by less than this. */
  reorderMs: 1_000,
  /** The least delay is looked for over twice this long, so that a camera's drift is followed. */
  windowMs: 30_000,
  /** A stream that claims to be later than this has its clock wrong. */
  mostLagMs: 60_000,
} as const;

/** What counts as movement. */
export const motionPolicy = {
  /** Change of a cell's mean luma (0…255) that counts as movement there. */
  cellChange: 6,
  /** How fast the background follows, per frame. */
  learning: 0.05,
  /** Cells, of 576, from which a frame is worth looking at. */
  cells: 2,
} as const;

/** How often frames are looked at; milliseconds. */
export const workPolicy = {
  /** Looking goes on so long after the last movement. */
  holdMs: 2_000,
  /** While a face is followed but nothing moves, this is often enough to keep its track. */
  stillEveryMs: 400,
  /** Codes stand still when they are shown; so often is enough. */
  codesEveryMs: 200,
  /** Looking thoroughly so often. */
  thoroughEveryMs: 1_000,
} as const;

/** When a code counts as in view. */
export const visibleCodesPolicy = {
  /** A code counts as in view so long after it was last seen, milliseconds. */
  inViewMs: 1_000,
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

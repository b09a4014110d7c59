/**
 * One picture from a camera or file. Row-major RGB, three bytes per pixel, no padding:
 * `data.length === width * height * 3`.
 */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** When the picture was taken, in ms since the epoch. */
  readonly capturedAt: number;
}

/** A rectangle in pixels of the frame; `x`, `y` is the top left corner. May reach outside the frame. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point in pixels of the frame. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a photo must be for a template. */
export const qualityPolicy = {
  /** Shorter side of the face, pixels of the kept picture. */
  sizePx: 60,
  /** A second face counts from this share of the first one's height. */
  foreground: 1 / 3,
  /** Degrees; estimated from five points, ±15 at best. */
  yaw: 40,
  pitch: 40,
  roll: 25,
  /** 0 … 1, `FaceQuality.sharpness`. */
  sharpness: 0.14,
  /** Mean brightness of the face, 0 … 255. */
  darkest: 35,
  brightest: 225,
  /** Share of white pixels. */
  blown: 0.3,
  /** The brighter cheek over the darker one. */
  sides: 4,
  /** How far the face's box may reach over the edge, as a share of its side. */
  beyondEdge: 0.06,
  /** From here on eyes, mouth or nose count as covered, 0 … 1. */
  covered: 0.5,
  /**
   * A portrait picture is widened to this width over height before faces are looked for: the detector looks
   * at four to three, and would see a squeezed face otherwise.
   */
  aspect: 4 / 3,
} as const;

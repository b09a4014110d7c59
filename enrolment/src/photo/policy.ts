import { enrolmentLimits } from '@watchpost/contracts/enrolment';

/** What a photo may be, and what reading one may cost. */
export const photoPolicy = {
  bytes: enrolmentLimits.photoBytes,
  /** Width × height, as the header says. */
  pixels: 50_000_000,
  /** Longest side, pixels. */
  side: 16_384,
  /** Longest side of what is looked at and kept, pixels; a face of a third of it has all that is needed. */
  keptSide: 1600,
  /** Of the kept JPEG. */
  quality: 90,
  /**
   * How much of a processor one photo may take, milliseconds: fifty megapixels take two seconds. Not the time
   * of the clock, or a busy computer would refuse good photos.
   */
  decodeCpuMs: 15_000,
  /** When it is given up by the clock, milliseconds. */
  decodeMs: 75_000,
  /** How much memory its process may take meanwhile, bytes. */
  decodeBytes: 700 * 1024 * 1024,
  /** How often that is looked at, milliseconds. */
  lookEveryMs: 25,
} as const;

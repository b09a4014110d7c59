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
  /** How long one photo may be decoded, milliseconds: fifty megapixels take four seconds on a busy computer. */
  decodeMs: 20_000,
  /** How much memory its process may take meanwhile, bytes. */
  decodeBytes: 700 * 1024 * 1024,
  /** How often that is looked at, milliseconds. */
  lookEveryMs: 25,
} as const;

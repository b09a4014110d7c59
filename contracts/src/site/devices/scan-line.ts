import { z } from 'zod';

/** How a code reader talks: said by its profile, and for one device by its `line`. */
export const scanLineSchema = z.strictObject({
  /**
   * What ends a scan: `line` = CR, LF, CR LF, Tab or ETX, whichever comes; `cr`, `lf`, `crlf`, `tab`, `etx` =
   * that alone; `idle` = silence of `idleMs`, for readers that send no end.
   */
  framing: z.enum(['line', 'cr', 'lf', 'crlf', 'tab', 'etx', 'idle']).default('line'),
  /**
   * Silence that ends a scan with `idle` framing; with the others, silence after which an unfinished scan is
   * dropped is ten times this.
   */
  idleMs: z.number().int().min(5).max(5000).default(50),
  /** Longest scan in characters; longer ones are unreadable. */
  maxChars: z.number().int().min(16).max(8192).default(2048),
  /**
   * `latin-1` is ISO 8859-1, each byte one character. Bytes that the encoding does not have make a scan
   * unreadable.
   */
  encoding: z.enum(['utf-8', 'ascii', 'latin-1', 'gb18030']).default('utf-8'),
  /** Taken off the front when it is there. */
  prefix: z.string().max(32).default(''),
  /** Taken off the end when it is there. */
  suffix: z.string().max(32).default(''),
  /**
   * The reader puts the AIM identifier of the symbology (`]Q1`, ISO/IEC 15424) in front; it is taken off
   * unless it says GS1. Passes and plates are found behind one without this setting too.
   */
  aimIdentifier: z.boolean().default(false),
});
export type ScanLine = z.infer<typeof scanLineSchema>;

const { framing, idleMs, maxChars, encoding, prefix, suffix, aimIdentifier } = scanLineSchema.shape;

/** What differs from the profile, without its defaults. */
export const scanLineChangesSchema = z
  .strictObject({
    framing: framing.unwrap(),
    idleMs: idleMs.unwrap(),
    maxChars: maxChars.unwrap(),
    encoding: encoding.unwrap(),
    prefix: prefix.unwrap(),
    suffix: suffix.unwrap(),
    aimIdentifier: aimIdentifier.unwrap(),
  })
  .partial();

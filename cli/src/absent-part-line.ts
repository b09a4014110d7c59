import { errorLine } from './error-line.ts';
import { absentPart } from './start/installed-parts.ts';
import { textsFor } from './texts.ts';

/** What a terminal is told when a command’s package was left out of an installation; else undefined. */
export function absentPartLine(error: unknown): string | undefined {
  const absent = absentPart(error);
  return absent && errorLine(absent, textsFor(process.env));
}

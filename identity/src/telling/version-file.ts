import { readFileSync } from 'node:fs';
import { parseWith, seqSchema, topicLevelPattern } from '@watchpost/contracts/wire';
import { replaceFileSync } from '@watchpost/service';
import { z } from 'zod';

const fileSchema = z.strictObject({
  version: z.literal(1),
  told: z.record(
    z.string().regex(topicLevelPattern),
    z.strictObject({ version: seqSchema, content: z.string().max(64) }),
  ),
});

/**
 * Which version of its site part each gateway of a site has been told, so that versions only grow over
 * restarts and what stays the same keeps its version. Where the file is lost the clock goes on: versions are
 * seconds since the epoch where that is more than the last one and one.
 */
export class VersionFile {
  readonly #path: string;
  #told: Record<string, { readonly version: number; readonly content: string }> = {};

  /** A file that is missing or damaged is one without versions. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#told = parseWith(fileSchema, JSON.parse(readFileSync(path, 'utf8'))).told;
    } catch {
      this.#told = {};
    }
  }

  /**
   * The version of a gateway’s part with this content (a digest).
   * @throws whatever the disk says: a version that is not on disk is not told
   */
  versionOf(gateway: string, content: string, nowMs: number): number {
    const before = this.#told[gateway];
    if (before?.content === content) return before.version;
    const version = Math.max((before?.version ?? 0) + 1, Math.floor(nowMs / 1000), 1);
    const told = { ...this.#told, [gateway]: { version, content } };
    replaceFileSync(this.#path, `${JSON.stringify({ version: 1, told }, null, 1)}\n`);
    this.#told = told;
    return version;
  }
}

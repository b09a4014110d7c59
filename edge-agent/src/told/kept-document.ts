import { readFileSync } from 'node:fs';
import { parseWith, signedAnnouncementSchema, wireLimits } from '@watchpost/contracts/wire';
import { replaceFileSync } from '@watchpost/service';
import { z } from 'zod';

const fileSchema = z.strictObject({
  announcement: signedAnnouncementSchema,
  /** Its JSON as it was fetched: the digest is of these bytes. */
  document: z.string().max(wireLimits.documentBytes),
});
export type KeptDocument = z.infer<typeof fileSchema>;

/** A document with its announcement, kept for a start without network: one file, for its owner only. */
export class KeptDocumentFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** undefined where there is none. @throws WatchpostError `wire.schema`, SyntaxError for a damaged file */
  read(): KeptDocument | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return undefined;
    }
    return parseWith(fileSchema, JSON.parse(text));
  }

  /** @throws whatever the disk says */
  write(kept: KeptDocument): void {
    replaceFileSync(this.#path, JSON.stringify(kept));
  }
}

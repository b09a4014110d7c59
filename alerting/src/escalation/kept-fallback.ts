import { readFileSync } from 'node:fs';
import { channelAddressSchema, noticeLanguages } from '@watchpost/contracts/api';
import { siteIdSchema, uuidSchema } from '@watchpost/contracts/wire';
import { replaceSecretFile } from '@watchpost/service';
import { z } from 'zod';

const receiverSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  /** Secrets stand in it by their names; the files that hold them do not need the database. */
  address: channelAddressSchema,
  language: z.enum(noticeLanguages),
});
/** A receiver that stands in for others, as it is told without the database. */
export type KeptReceiver = z.infer<typeof receiverSchema>;

const keptSchema = z.strictObject({
  version: z.literal(1),
  receivers: z.array(receiverSchema),
  /** Since when the database is gone, milliseconds since the Unix epoch, and who was told of that. */
  gone: z.strictObject({ sinceMs: z.number(), told: z.array(uuidSchema) }).nullable(),
  /** It was gone since then and is back, and who does not know that yet. */
  back: z.strictObject({ sinceMs: z.number(), left: z.array(receiverSchema) }).nullable(),
});
/** What a process has to know when it starts and the database is gone. */
export type Kept = z.infer<typeof keptSchema>;

const nothing: Kept = { version: 1, receivers: [], gone: null, back: null };

/** Reads it; nothing where there is no such file, or one that nobody can read any more. */
export function readKept(path: string | undefined): Kept {
  if (path === undefined) return nothing;
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return nothing;
  }
}

/** Writes it, for its owner only. @throws WatchpostError `config.data_folder` */
export function writeKept(path: string | undefined, kept: Kept): void {
  if (path !== undefined) replaceSecretFile(path, `${JSON.stringify(kept)}\n`);
}

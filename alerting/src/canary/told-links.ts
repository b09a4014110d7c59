import { readFileSync } from 'node:fs';
import { chainLinks } from '@watchpost/contracts/api';
import { siteIdSchema, uuidSchema } from '@watchpost/contracts/wire';
import { replaceSecretFile } from '@watchpost/service';
import { z } from 'zod';

const toldLinkSchema = z.strictObject({
  site: siteIdSchema,
  link: z.enum(chainLinks),
  /** Whose canaries are missing; empty where the link is everybody’s. */
  gateways: z.array(z.string().max(64)).max(1_000),
  /** Milliseconds since the Unix epoch. */
  sinceMs: z.number(),
  /** Receivers that know. */
  told: z.array(uuidSchema),
});
/** A link that somebody is told of, or was. */
export type ToldLink = z.infer<typeof toldLinkSchema>;

const fileSchema = z.strictObject({ version: z.literal(1), links: z.array(toldLinkSchema) });

/** Reads what was told before; nothing where there is no such file, or one that nobody can read any more. */
export function readToldLinks(path: string | undefined): readonly ToldLink[] {
  if (path === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).links;
  } catch {
    return [];
  }
}

/** Writes it, for its owner only. @throws WatchpostError `config.data_folder` */
export function writeToldLinks(path: string | undefined, links: readonly ToldLink[]): void {
  if (path !== undefined) replaceSecretFile(path, `${JSON.stringify({ version: 1, links })}\n`);
}

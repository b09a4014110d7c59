import { WatchpostError } from '@watchpost/contracts/errors';
import type { SecretFolder } from '@watchpost/service/server-folder';
import { z } from 'zod';

/** The secret under which `init` keeps what is left of the first administrator’s link: its hash. */
export const firstLinkSecret = 'first-administrator';

const firstLinkSchema = z.object({
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  expires: z.iso.datetime(),
});
export type FirstLink = z.infer<typeof firstLinkSchema>;

/**
 * The link that `init` made; undefined where there is none, or nothing that can be read.
 * @throws WatchpostError `config.secret_readable`
 */
export function readFirstLink(secrets: SecretFolder): FirstLink | undefined {
  if (!secrets.has(firstLinkSecret)) return undefined;
  try {
    return firstLinkSchema.parse(JSON.parse(secrets.read(firstLinkSecret)));
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    return undefined;
  }
}

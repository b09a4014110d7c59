import type { Rekeyed } from '@watchpost/contracts/enrolment';
import { parseWith, siteIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import { EnrolmentSocket, type EnrolmentSocketOptions } from './enrolment/enrolment-socket.ts';
import type { Governance } from './governance.ts';
import { ListReconciler } from './list-reconciler.ts';
import { permitFiles } from './permit-file.ts';
import { rekeyGallery } from './rekey-gallery.ts';
import { holdRestoredLists } from './restored-lists.ts';

/** What `watchpost lists …` asks of who has the database. */
export const listsCommandSchema = z.strictObject({
  command: z.literal('rekey'),
  site: siteIdSchema,
  reason: z.string().max(1_000).nullable(),
});
export type ListsCommand = z.infer<typeof listsCommandSchema>;

/** Whether a local request is about the lists. */
export const isListsCommand = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && 'command' in request && request.command === 'rekey';

/** Answers one on a running server. @throws WatchpostError as `Governance.rekey`, `api.invalid` */
export async function runListsCommand(
  request: unknown,
  governance: Pick<Governance, 'rekey'>,
): Promise<Rekeyed> {
  const { site, reason } = parseWith(listsCommandSchema, request, 'api.invalid');
  return governance.rekey(site, reason);
}

/** A hundred years, milliseconds: what has ended is erased by the next start, by the policy of the site. */
const eraseAfter = 100 * 365 * 86_400_000;

/** What a server that does not run is worked on with. */
export interface StoppedServer {
  readonly store: StoreOptions;
  /** Folder of the server’s data, taken for this process. */
  readonly dataFolder: string;
  readonly enrolment: EnrolmentSocketOptions;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/**
 * Carries one out on a server that does not run: new keys, and the gallery under them, which its gateways
 * get after the next start.
 * @throws WatchpostError as `rekeyGallery`, `store.*`, `config.data_folder`
 */
export async function onStoppedLists(
  { site, reason }: ListsCommand,
  { store: options, dataFolder, enrolment, logger, nowMs }: StoppedServer,
): Promise<Rekeyed> {
  const store = await openStore(options, logger);
  const enroller = new EnrolmentSocket(enrolment, logger);
  try {
    const parts = { db: store.db, nowMs, enroller };
    await holdRestoredLists({ db: store.db, dataFolder, nowMs, logger });
    const rekeyed = await rekeyGallery(site, reason, parts);
    const permits = permitFiles(dataFolder);
    const reconciler = new ListReconciler({ ...parts, site, permits, policy: { eraseAfter }, logger });
    await reconciler.runOnce();
    return rekeyed;
  } finally {
    await enroller.stop();
    await store.close();
  }
}

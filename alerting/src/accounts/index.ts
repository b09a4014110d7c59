import type { Logger } from 'pino';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import { type AccountAnswer, type AccountCommand, runAccountCommand } from './account-commands.ts';

// For commands about accounts: what they ask, and what does it where no server runs.
export type { AccountAnswer, AccountCommand } from './account-commands.ts';
export { newLink } from './link-secret.ts';

/**
 * Does on a database that nobody else has open what a command asks.
 * @throws WatchpostError `api.invalid`, `account.*`, `config.data_folder`, `store.*`
 */
export async function runOnStore(
  options: StoreOptions,
  command: AccountCommand,
  around: { readonly logger: Logger; readonly nowMs: () => number },
): Promise<AccountAnswer> {
  const store = await openStore(options, around.logger);
  try {
    return await runAccountCommand(command, { ...around, db: store.db });
  } finally {
    await store.close();
  }
}

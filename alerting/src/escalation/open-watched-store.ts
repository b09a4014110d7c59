import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { AlertingOptions } from '../config.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { Teardown } from '../teardown.ts';
import { StoreWatch, type StoreWatchOptions } from './store-watch.ts';

/** Of the data folder: who is told that the database is gone. */
const fallbackFile = 'fallback.json';

/**
 * Opens the store, and has an eye on it from the beginning: a service that is started again and again because
 * its database is gone tells so too.
 * @throws WatchpostError as `openStore`
 */
export async function openWatchedStore(
  { store: options, dataFolder }: Pick<AlertingOptions, 'store' | 'dataFolder'>,
  parts: Pick<StoreWatchOptions, 'channels' | 'clocks' | 'logger'>,
  teardown: Teardown,
): Promise<{ readonly store: Store; readonly watch: StoreWatch }> {
  const file = dataFolder === undefined ? undefined : join(dataFolder, fallbackFile);
  const watch = new StoreWatch({ ...parts, file });
  try {
    const store = await openStore(options, parts.logger);
    teardown.add(() => store.close());
    teardown.add(() => watch.stop());
    return { store, watch };
  } catch (error) {
    if (error instanceof WatchpostError && error.code === 'store.unreachable')
      await watch.look(() => Promise.reject(error));
    throw error;
  }
}

import { exportTables, type StoreSource, type StoreTarget, TableImport } from '@watchpost/alerting/export';
import { WatchpostError } from '@watchpost/contracts/errors';
import { countRows } from './count-rows.ts';
import { backupPolicy } from './policy.ts';

/** What was moved. */
export interface Moved {
  readonly tables: number;
  readonly rows: number;
}

/**
 * Copies a database into an empty one, in either direction: what was there stays as it was. Nothing may write
 * to the first meanwhile, or it would stay behind.
 * @throws WatchpostError `backup.too_large`, `backup.not_empty`, `backup.newer`, `backup.partial`, `store.*`
 */
export function moveStore(from: StoreSource, to: StoreTarget): Promise<Moved> {
  return exportTables(from, async ({ shape, rows }) => {
    const most = backupPolicy.embeddedBytesAtMost;
    if (to.kind === 'embedded' && shape.bytes > most)
      throw new WatchpostError('backup.too_large', { details: { bytes: shape.bytes, most } });
    const filling = await TableImport.begin(to, shape);
    try {
      let moved = 0;
      for (const { name } of shape.tables) {
        const counted = countRows(rows(name));
        const arrived = await filling.table(name, counted.chunks);
        if (arrived !== counted.rows())
          throw new WatchpostError('backup.partial', { details: { table: name, rows: arrived } });
        moved += arrived;
      }
      await filling.finish();
      return { tables: shape.tables.length, rows: moved };
    } catch (error) {
      await filling.abandon();
      throw error;
    }
  });
}

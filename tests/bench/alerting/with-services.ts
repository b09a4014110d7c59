import type { Site } from '@watchpost/contracts/site';
import pg from 'pg';
import { createTestDatabase } from '../../support/test-database.ts';
import { withTimescale } from '../../support/timescale-server.ts';
import { type Services, startServices } from '../../support/two-services.ts';

/** What a bench of alerting measures on. */
export interface BenchRun {
  readonly services: Services;
  /** Of the same database, for looking at it. */
  readonly db: pg.Client;
  readonly databaseUrl: string;
}

/**
 * Runs a bench on a broker and an empty database of a TimescaleDB server, which it names; both end with it.
 * @param lineTo gives the address under which the services find the database
 */
export async function withServices<T>(
  site: Site,
  say: (line: string) => void,
  body: (run: BenchRun) => Promise<T>,
  more: Parameters<typeof startServices>[2] = {},
  lineTo: (databaseUrl: string) => Promise<string> = async (url) => url,
): Promise<T> {
  return await withTimescale(async () => {
    const database = await createTestDatabase();
    const db = new pg.Client({ connectionString: database.url });
    let services: Services | undefined;
    try {
      db.on('error', () => undefined);
      await db.connect();
      const { rows } = await db.query('select version() as version');
      services = await startServices(site, await lineTo(database.url), more);
      say(String(rows[0]?.version).split(' on ')[0] ?? '');
      return await body({ services, db, databaseUrl: database.url });
    } finally {
      await services?.stop();
      await db.end().catch(() => undefined);
      await database.drop();
    }
  });
}

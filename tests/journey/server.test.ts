import { dumpServer } from '../support/database-dump.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { journey } from './journey.ts';

let database: TestDatabase | undefined;

journey({
  name: 'server',
  environment: async () => {
    database = await createTestDatabase();
    return { DATABASE_URL: database.url };
  },
  dump: () => dumpServer(database?.url ?? ''),
  cleanUp: async () => database?.drop(),
});

import { queryServer } from '../support/stored-content.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { journey } from './journey.ts';

let database: TestDatabase | undefined;

journey({
  name: 'server',
  environment: async () => {
    database = await createTestDatabase();
    return { DATABASE_URL: database.url };
  },
  query: (_dataFolder, use) => queryServer(database?.url ?? '', use),
  cleanUp: async () => database?.drop(),
});

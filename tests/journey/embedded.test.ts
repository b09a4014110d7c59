import { join } from 'node:path';
import { dumpEmbedded } from '../support/database-dump.ts';
import { journey } from './journey.ts';

journey({
  name: 'embedded',
  environment: async () => ({}),
  dump: (dataFolder) => dumpEmbedded(join(dataFolder, 'store', 'pg')),
  cleanUp: async () => undefined,
});

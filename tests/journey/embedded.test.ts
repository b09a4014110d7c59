import { join } from 'node:path';
import { queryEmbedded } from '../support/stored-content.ts';
import { journey } from './journey.ts';

journey({
  name: 'embedded',
  environment: async () => ({}),
  query: (dataFolder, use) => queryEmbedded(join(dataFolder, 'store', 'pg'), use),
  cleanUp: async () => undefined,
});

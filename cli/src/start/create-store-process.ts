import { createEmbeddedStore } from '@watchpost/alerting';

// Making an empty database takes twice the memory of using one: done here, the memory goes back when this process ends.
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: create-store-process.ts FOLDER');
await createEmbeddedStore(folder);
process.disconnect();

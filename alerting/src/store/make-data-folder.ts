import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';

// A process of its own: making a cluster takes several hundred megabytes that the service would never give
// back.
const [folder = '', image] = process.argv.slice(2);
const db = await PGlite.create({
  dataDir: folder,
  ...(image === undefined ? {} : { loadDataDir: new Blob([await readFile(image)]) }),
});
await db.close();

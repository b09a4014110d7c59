import { PGlite } from '@electric-sql/pglite';

// A process of its own: making a cluster takes several hundred megabytes that the service would never give back.
const [folder] = process.argv.slice(2);
const db = await PGlite.create({ dataDir: folder ?? '' });
await db.close();

import { z } from 'zod';

const count = z.number().int().min(0);
const name = z.string().min(1).max(1_000);

/** Of the database, so that it can be made anew in the same shape before its rows come. */
const databaseSchema = z.strictObject({
  kind: z.enum(['embedded', 'server']),
  postgres: z.string(),
  timescale: z.string().nullable(),
  /** Names of the migrations that have run. */
  migrations: z.array(z.string()),
  /** In an order in which rows find what they refer to. */
  tables: z.array(z.strictObject({ name, columns: z.array(z.string()).min(1) })),
  /** Counters of columns: they must not give out a number again. */
  sequences: z.array(
    z.strictObject({ table: name, column: name, last: z.number().int(), called: z.boolean() }),
  ),
});
export type DatabaseShape = z.infer<typeof databaseSchema>;

/** What an archive says of itself before anything else. */
export const prefaceSchema = z.strictObject({
  /** Version of Watchpost that wrote it. */
  watchpost: z.string(),
  madeAt: z.iso.datetime(),
  database: databaseSchema,
});
export type ArchivePreface = z.infer<typeof prefaceSchema>;

/** One file, or the rows of one table in PostgreSQL’s text form of COPY. */
export const entrySchema = z.strictObject({
  /** `server/…` and `data/…` with slashes, or `database/<table>`. */
  name,
  kind: z.enum(['file', 'table']),
  /** Permissions of a file. */
  mode: z.number().int().min(0).max(0o777),
});
export type ArchiveEntry = z.infer<typeof entrySchema>;

/** What stands behind an entry, and again in the manifest. */
export const entryEndSchema = z.strictObject({
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of a table. */
  rows: count.optional(),
});
export type ArchiveEntryEnd = z.infer<typeof entryEndSchema>;

/** The last part: all that must have come before it. */
export const manifestSchema = z.strictObject({
  entries: z.array(z.strictObject({ ...entrySchema.shape, ...entryEndSchema.shape })),
});
export type ArchiveManifest = z.infer<typeof manifestSchema>;

/** The first byte of a part. */
export const partKinds = { preface: 1, entry: 2, data: 3, end: 4, manifest: 5 } as const;

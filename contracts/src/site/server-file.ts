import { z } from 'zod';
import { logInSectionSchema } from './policy-log-in.ts';
import { sessionsSectionSchema } from './policy-sessions.ts';
import { secretSchema } from './secret.ts';

const host = z.string().min(1).max(253).default('127.0.0.1');
/** 0 = any free port. */
const port = (otherwise: number) => z.number().int().min(0).max(65_535).default(otherwise);
/** As browsers name an origin. */
const originSchema = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^/?#@\s]+$/, 'https://host:port');

/** `server.yaml`: what belongs to the server and not to a site. */
export const serverFileSchema = z.strictObject({
  /** Form of this file. */
  version: z.literal(1),
  /** Where the parts of the server listen. */
  listen: z
    .strictObject({
      /** Console and API. */
      console: z.strictObject({ host, port: port(8080) }).prefault({}),
      /** Node-RED, on the console’s host. */
      flows: z.strictObject({ port: port(1880) }).prefault({}),
      mqtt: z.strictObject({ port: port(1883) }).prefault({}),
    })
    .prefault({}),
  /** The console’s address behind a reverse proxy. */
  publicUrl: originSchema.optional(),
  /** Node-RED’s address behind a reverse proxy. */
  flowsUrl: originSchema.optional(),
  /** Addresses or networks of the reverse proxies. */
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(100)
    .default([]),
  /** A PostgreSQL server with TimescaleDB: the secret is its address. Left out: the embedded database. */
  database: secretSchema.optional(),
  policy: z
    .strictObject({
      sessions: sessionsSectionSchema.prefault({}),
      logIn: logInSectionSchema.prefault({}),
    })
    .prefault({}),
});
export type ServerFile = z.output<typeof serverFileSchema>;

import { z } from 'zod';
import { hostNameSchema } from './host-name.ts';
import { accountsSectionSchema } from './policy-accounts.ts';
import { brokerSectionSchema } from './policy-broker.ts';
import { logInSectionSchema } from './policy-log-in.ts';
import { notifySectionSchema } from './policy-notify.ts';
import { sessionsSectionSchema } from './policy-sessions.ts';
import { secretSchema } from './secret.ts';
import { serverLogInSchema } from './server-log-in.ts';
import { serverMailSchema } from './server-mail.ts';
import { serverTlsSchema } from './server-tls.ts';

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
      /** The broker for programs on this computer. */
      mqtt: z.strictObject({ port: port(1883) }).prefault({}),
      /** The broker for gateways, which come with certificates of their site’s authority. */
      gateways: z.strictObject({ host, port: port(8883) }).prefault({}),
      /** The gateway door, where gateways are claimed and told what to do; on the host of `gateways`. */
      door: z.strictObject({ port: port(8884) }).prefault({}),
    })
    .prefault({}),
  /**
   * Whether site files are put into force as soon as they are saved. No: `watchpost plan` shows what would
   * change, `watchpost apply` or SIGHUP puts it into force.
   */
  applyOnSave: z.boolean().default(true),
  /** Names and addresses by which others reach the server; the first one is what links show. */
  names: z.array(hostNameSchema).max(50).default([]),
  /**
   * Where the certificate of console and Node-RED comes from. Left out: `own` where other computers reach
   * them, `off` on this computer alone and behind a trusted proxy.
   */
  tls: serverTlsSchema.optional(),
  /** Relative to the server folder; `WATCHPOST_DATA` comes first. */
  dataFolder: z.string().min(1).max(4_096).default('data'),
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
  /** The mail server. Left out: nobody gets mails. */
  mail: serverMailSchema.optional(),
  /** How people log in, besides a password. */
  logIn: serverLogInSchema.prefault({}),
  policy: z
    .strictObject({
      sessions: sessionsSectionSchema.prefault({}),
      logIn: logInSectionSchema.prefault({}),
      broker: brokerSectionSchema.prefault({}),
      accounts: accountsSectionSchema.prefault({}),
      notify: notifySectionSchema.prefault({}),
    })
    .prefault({}),
});
export type ServerFile = z.output<typeof serverFileSchema>;

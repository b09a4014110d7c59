import { z } from 'zod';
import { localizedTextSchema, timeZoneSchema } from '../site/place.ts';
import { siteIdSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { permissionSchema, roleSchema } from './rights.ts';

export const languages = ['zh-CN', 'en'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

export const loginRequestSchema = z.strictObject({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});

export const sessionSchema = z.strictObject({
  /** Id of the account; names may be used again. */
  account: uuidSchema,
  /** What is typed at log-in. */
  user: z.string(),
  /** What people see; `user` when none was given. */
  displayName: z.string(),
  /** What the person chose; null: the browser’s. */
  language: languageSchema.nullable(),
  /**
   * A role of the account demands a second factor and none is set up: until it is, the session opens nothing
   * but the own account.
   */
  factorNeeded: z.boolean(),
  /** Where it is not the same on all sites: that of the first of `sites`. */
  role: roleSchema,
  /** What the person may do on one site at least; of what shows the whole server, on each. */
  permissions: z.array(permissionSchema),
  expires: z.iso.datetime(),
  /** The sites that the person may see; to others everything answers as if they did not exist. */
  sites: z.array(
    z.strictObject({
      site: siteIdSchema,
      role: roleSchema,
      permissions: z.array(permissionSchema),
      /** Only what happens in these zones exists for the person; null: the whole site. */
      zones: z.array(zoneIdSchema).nullable(),
    }),
  ),
});
export type Session = z.infer<typeof sessionSchema>;

/** `GET /api/v1/sites`: the sites that the person may see, in the order of their ids. */
export const siteListSchema = z.strictObject({
  sites: z.array(
    z.strictObject({
      id: siteIdSchema,
      name: localizedTextSchema,
      /** IANA time zone. */
      timeZone: timeZoneSchema,
      role: roleSchema,
    }),
  ),
});
export type SiteList = z.infer<typeof siteListSchema>;

/**
 * Which site is asked for, in the query of an address. Without it lists are of all sites that the person may
 * see; what is about one site asks for it with `api.site_needed`.
 */
export const siteQuerySchema = z.strictObject({ site: siteIdSchema.optional() });

/**
 * `POST /api/v1/mqtt-token`: how an officer’s app logs in to the broker, to follow the alerts of one
 * site.
 */
export const mqttAccessSchema = z.strictObject({
  username: z.literal('token'),
  /** A signed token. Secret. */
  password: z.string(),
  /** The broker closes the connection then; ask for the next one before. */
  expires: z.iso.datetime(),
});
export type MqttAccess = z.infer<typeof mqttAccessSchema>;

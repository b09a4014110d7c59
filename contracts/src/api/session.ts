import { z } from 'zod';
import { localizedTextSchema, timeZoneSchema } from '../site/place.ts';
import { siteIdSchema } from '../wire/ids.ts';

/**
 * `viewer` reads; `officer` also acknowledges and resolves; `integrator` also opens Node-RED; `admin` does
 * everything.
 */
export const roles = ['viewer', 'officer', 'integrator', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const languages = ['zh-CN', 'en'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

/** What a role may do. The API asks for a permission, never for a role. */
export const permissions = [
  'alerts.read',
  'alerts.decide',
  'devices.read',
  'rejects.read',
  'flows.use',
  'metrics.read',
] as const;
export type Permission = (typeof permissions)[number];

/** Rights to what shows every site of a server: a person has them who has them on each. */
export const serverPermissions: readonly Permission[] = ['flows.use', 'metrics.read'];

export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['alerts.read', 'devices.read'],
  officer: ['alerts.read', 'alerts.decide', 'devices.read'],
  integrator: ['alerts.read', 'devices.read', 'rejects.read', 'flows.use', 'metrics.read'],
  admin: permissions,
};

export const loginRequestSchema = z.strictObject({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
});

export const sessionSchema = z.strictObject({
  user: z.string(),
  /** Where it is not the same on all sites: that of the first of `sites`. */
  role: roleSchema,
  /** What the person may do on one site at least; of what shows the whole server, on each. */
  permissions: z.array(z.enum(permissions)),
  expires: z.iso.datetime(),
  /** The sites that the person may see; to others everything answers as if they did not exist. */
  sites: z.array(
    z.strictObject({ site: siteIdSchema, role: roleSchema, permissions: z.array(z.enum(permissions)) }),
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

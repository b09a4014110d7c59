import { z } from 'zod';

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
  role: roleSchema,
  permissions: z.array(z.enum(permissions)),
  expires: z.iso.datetime(),
});
export type Session = z.infer<typeof sessionSchema>;

/**
 * `POST /api/v1/mqtt-token`: how an officer’s app logs in to the broker, to follow the alerts of the site.
 */
export const mqttAccessSchema = z.strictObject({
  username: z.literal('token'),
  /** A signed token. Secret. */
  password: z.string(),
  /** The broker closes the connection then; ask for the next one before. */
  expires: z.iso.datetime(),
});
export type MqttAccess = z.infer<typeof mqttAccessSchema>;

import { z } from 'zod';

/**
 * `viewer` reads; `officer` also decides on alerts, silences them, arms and disarms, issues passes, is on
 * duty and works in departments; `supervisor` also signs silences of danger to life, keeps the lists, the
 * rotas, the departments, the address plates and who is told of alerts; `integrator` edits the site, its
 * plates too, brings public warnings and opens Node-RED; `auditor` reads what was done and keeps the privacy
 * records; `admin` does everything.
 */
export const roles = ['viewer', 'officer', 'supervisor', 'integrator', 'auditor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/**
 * What a role may do. The API asks for a permission, never for a role. Those on `response` reach the
 * departments to which an account belongs, and of others only that they are there; `manage` keeps all of a
 * site, and sees no task or position of them; `review` reads what was done by all.
 */
export const permissions = [
  'alerts.read',
  'alerts.decide',
  'arming.read',
  'arming.set',
  'devices.read',
  'rejects.read',
  'flows.use',
  'metrics.read',
  'passes.read',
  'passes.issue',
  'plates.read',
  'plates.issue',
  'duty.read',
  'duty.take',
  'duty.manage',
  'response.read',
  'response.take',
  'response.dispatch',
  'response.review',
  'response.manage',
  'receivers.manage',
  'silences.make',
  'silences.sign',
  'warnings.send',
  'warnings.manage',
  'lists.read',
  'lists.propose',
  'lists.approve',
  'audit.read',
  'privacy.read',
  'privacy.edit',
  'site.read',
  'site.edit',
  'accounts.manage',
] as const;
export const permissionSchema = z.enum(permissions);
export type Permission = (typeof permissions)[number];

/** Rights to what shows every site of a server: a person has them who has them on each. */
export const serverPermissions: readonly Permission[] = ['flows.use', 'metrics.read', 'accounts.manage'];

const reading = ['alerts.read', 'arming.read', 'devices.read'] as const;
const deciding = [
  ...reading,
  'alerts.decide',
  'arming.set',
  'passes.read',
  'passes.issue',
  'plates.read',
  'duty.read',
  'duty.take',
  'response.read',
  'response.take',
  'response.dispatch',
  'silences.make',
] as const;

export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: reading,
  officer: deciding,
  supervisor: [
    ...deciding,
    'plates.issue',
    'duty.manage',
    'response.review',
    'response.manage',
    'receivers.manage',
    'silences.sign',
    'lists.read',
    'lists.propose',
    'lists.approve',
    'privacy.read',
  ],
  integrator: [
    ...reading,
    'rejects.read',
    'flows.use',
    'metrics.read',
    'plates.read',
    'plates.issue',
    'site.read',
    'site.edit',
    'warnings.send',
  ],
  auditor: [
    ...reading,
    'duty.read',
    'response.read',
    'response.review',
    'lists.read',
    'audit.read',
    'privacy.read',
    'privacy.edit',
    'site.read',
  ],
  admin: permissions,
};

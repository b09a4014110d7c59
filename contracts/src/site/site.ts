import { z } from 'zod';
import { deviceIdSchema, gatewayIdSchema, siteIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { reservedGatewayIds } from '../wire/topics.ts';
import { armingAreaSchema } from './arming.ts';
import { reportNameSchema } from './device-reports.ts';
import { localizedTextSchema, planPointSchema, positionSchema, timeZoneSchema } from './place.ts';
import { armedHoursSchema } from './schedule.ts';

/** A drawing of a site: a floor, a building. */
export const sitePlanSchema = z.strictObject({
  id: zoneIdSchema.prefault('plan'),
  name: localizedTextSchema.optional(),
  widthM: z.number().positive().max(10_000),
  heightM: z.number().positive().max(10_000),
  /** WGS 84 position of the plan’s north-west corner; the plan’s y axis points south. */
  northWest: positionSchema,
  walls: z.array(z.array(planPointSchema).min(2).max(200)).max(500),
});
export type SitePlan = z.infer<typeof sitePlanSchema>;

export const zoneSchema = z.strictObject({
  id: zoneIdSchema,
  name: localizedTextSchema,
  /** Id of the plan that it is drawn on; the first one where it is absent. */
  plan: zoneIdSchema.optional(),
  /** How much harm an incident here does: 0 none … 1 most. */
  criticality: z.number().min(0).max(1),
  /** Declared not private (privacy rule 9); a camera with recognition needs it. */
  public: z.boolean(),
  outline: z.array(planPointSchema).min(3).max(200),
  /** Hours in which the zone is armed. */
  armed: armedHoursSchema,
});
export type Zone = z.infer<typeof zoneSchema>;

export const deviceKinds = ['camera', 'code_reader', 'door_contact', 'smoke', 'temperature'] as const;

export const siteDeviceSchema = z.strictObject({
  id: deviceIdSchema,
  gateway: gatewayIdSchema,
  kind: z.enum(deviceKinds),
  /** Hardware profile that describes the model. */
  profile: z.string().min(1).max(64),
  zone: zoneIdSchema,
  name: localizedTextSchema,
  at: planPointSchema,
  /** What it may say, where that is not what devices of its kind say (`deviceReports`). */
  reports: z.array(reportNameSchema).max(20).optional(),
});
export type SiteDevice = z.infer<typeof siteDeviceSchema>;

/** A line that people or vehicles cross. */
export const siteLineSchema = z.strictObject({
  id: zoneIdSchema,
  zone: zoneIdSchema,
  name: localizedTextSchema,
});
export type SiteLine = z.infer<typeof siteLineSchema>;

/** What a site is: its plans, zones, gateways and devices. */
export const siteSchema = z
  .strictObject({
    id: siteIdSchema,
    name: localizedTextSchema,
    /** IANA time zone of schedules. */
    timeZone: timeZoneSchema,
    /** The first one. */
    plan: sitePlanSchema,
    /** Its other floors and buildings. */
    otherPlans: z.array(sitePlanSchema).max(49).optional(),
    gateways: z
      .array(gatewayIdSchema.refine((id) => !reservedGatewayIds.includes(id), 'reserved name'))
      .max(1000),
    zones: z.array(zoneSchema).min(1).max(500),
    devices: z.array(siteDeviceSchema).max(5000),
    /** Lines that `line.crossed` may name; another one is refused. */
    lines: z.array(siteLineSchema).max(500).optional(),
    /** What is armed together. */
    arming: z.array(armingAreaSchema).max(50).optional(),
  })
  .superRefine((site, context) => {
    const plans = new Set<string>([site.plan.id]);
    site.otherPlans?.forEach(({ id }, index) => {
      if (plans.has(id))
        context.addIssue({ code: 'custom', path: ['otherPlans', index, 'id'], message: 'used twice' });
      plans.add(id);
    });
    const zones = new Set<string>();
    site.zones.forEach(({ id, plan }, index) => {
      if (plan !== undefined && !plans.has(plan))
        context.addIssue({ code: 'custom', path: ['zones', index, 'plan'], message: 'no such plan' });
      if (zones.has(id))
        context.addIssue({ code: 'custom', path: ['zones', index, 'id'], message: 'used twice' });
      zones.add(id);
    });
    const gateways = new Set<string>();
    site.gateways.forEach((id, index) => {
      if (gateways.has(id))
        context.addIssue({ code: 'custom', path: ['gateways', index], message: 'used twice' });
      gateways.add(id);
    });
    // What a gateway says of itself stands under its id among the devices, and what the server says under
    // that of alerting.
    const seen = new Set<string>([...gateways, ...reservedGatewayIds]);
    site.devices.forEach((device, index) => {
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['devices', index, field], message });
      if (!zones.has(device.zone)) complain('zone', 'no such zone');
      if (!gateways.has(device.gateway)) complain('gateway', 'no such gateway');
      if (seen.has(device.id)) complain('id', 'used twice, or the name of a gateway');
      seen.add(device.id);
    });
    const lines = new Set<string>();
    site.lines?.forEach((line, index) => {
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['lines', index, field], message });
      if (!zones.has(line.zone)) complain('zone', 'no such zone');
      if (lines.has(line.id)) complain('id', 'used twice');
      lines.add(line.id);
    });
  });
export type Site = z.infer<typeof siteSchema>;

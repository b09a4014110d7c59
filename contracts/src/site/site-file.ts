import { z } from 'zod';
import { gatewayIdSchema, siteIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { acceptedPasses } from './accepted-passes.ts';
import { armingAreaSchema } from './arming.ts';
import { reportNameSchema } from './device-reports.ts';
import { deviceSchemas } from './devices/device.ts';
import { drawnLinesSchema } from './devices/drawn-line.ts';
import { hookPlace } from './hook-place.ts';
import { instructionsSchema } from './instructions.ts';
import { localizedTextSchema, planPointSchema, positionSchema, timeZoneSchema } from './place.ts';
import { alertsSectionSchema } from './policy-alerts.ts';
import { canarySectionSchema } from './policy-canary.ts';
import { escalationSectionSchema } from './policy-escalation.ts';
import { incidentsSectionSchema } from './policy-incidents.ts';
import { listsSectionSchema } from './policy-lists.ts';
import { lossesSectionSchema } from './policy-losses.ts';
import { motionSectionSchema } from './policy-motion.ts';
import { passesSectionSchema } from './policy-passes.ts';
import { permitSectionSchema } from './policy-permit.ts';
import { privacySectionSchema } from './policy-privacy.ts';
import { responseSectionSchema } from './policy-response.ts';
import { retentionSectionSchema } from './policy-retention.ts';
import { riskSectionSchema } from './policy-risk.ts';
import { privacyRecordSchema } from './privacy-record.ts';
import { armedHoursSchema } from './schedule.ts';

const outline = z.array(planPointSchema).min(3).max(200);

/** A drawing of the site: a floor, a building. */
const planSchema = z.strictObject({
  id: zoneIdSchema,
  name: localizedTextSchema,
  widthM: z.number().positive().max(10_000),
  heightM: z.number().positive().max(10_000),
  /** Where its north-west corner is; its y axis points south. */
  northWest: positionSchema,
  walls: z.array(z.array(planPointSchema).min(2).max(200)).max(500).default([]),
});

const zoneSchema = z.strictObject({
  id: zoneIdSchema,
  name: localizedTextSchema,
  plan: zoneIdSchema,
  /** How much harm an incident here does: 0 none … 1 most. */
  criticality: z.number().min(0).max(1),
  /** Declared not private (privacy rule 9); a camera that looks for faces needs it. */
  public: z.boolean(),
  outline,
  /** Names of `schedules`: the zone is armed when one of them holds. None: never. */
  armed: z.array(zoneIdSchema).max(14).default([]),
});

const gatewaySchema = z.strictObject({
  id: gatewayIdSchema,
  name: localizedTextSchema.optional(),
  /** The server runs it itself; the others run on computers of their own and claim their identity. */
  local: z.boolean().default(false),
  /** Where devices with the driver `webhook` call: an address of the device network. */
  hooks: z.strictObject(hookPlace).optional(),
});

/** What the site says of a device beside what its gateway is told. */
const placed = {
  gateway: gatewayIdSchema,
  name: localizedTextSchema,
  mount: z.strictObject({
    at: planPointSchema,
    /** Above the floor. */
    heightM: z.number().min(0).max(200).optional(),
    /** Where a camera looks: degrees clockwise from north. */
    headingDeg: z.number().min(0).max(360).optional(),
    /** How far a camera looks down from the horizon. */
    tiltDeg: z.number().min(-90).max(90).optional(),
  }),
  /** What it may say, where that is not what devices of its kind say. */
  reports: z.array(reportNameSchema).max(20).optional(),
};

const cameraSchema = deviceSchemas.camera.omit({ assessment: true, faces: true }).extend({
  ...placed,
  /** Look for faces: needs a record under `privacy`. Left out: if there is one. */
  faces: z.boolean().optional(),
  /** Where the site’s lines are in its picture. */
  lines: drawnLinesSchema.optional(),
});

/** A device of a site file, by its kind. */
export const placedDeviceSchema = z.discriminatedUnion('kind', [
  cameraSchema,
  deviceSchemas.code_reader.extend(placed),
  deviceSchemas.door_contact.extend(placed),
  deviceSchemas.smoke.extend(placed),
  deviceSchemas.temperature.extend(placed),
]);
export type PlacedDevice = z.output<typeof placedDeviceSchema>;

/** Policy of a site: every number that belongs to it and not to its server. */
const policySchema = z
  .strictObject({
    alerts: alertsSectionSchema.prefault({}),
    canary: canarySectionSchema.prefault({}),
    escalation: escalationSectionSchema.prefault({}),
    incidents: incidentsSectionSchema.prefault({}),
    lists: listsSectionSchema.prefault({}),
    losses: lossesSectionSchema.prefault({}),
    keptDays: retentionSectionSchema.prefault({}),
    motion: motionSectionSchema.prefault({}),
    passes: passesSectionSchema.prefault({}),
    permit: permitSectionSchema.prefault({}),
    privacy: privacySectionSchema.prefault({}),
    response: responseSectionSchema.prefault({}),
    risk: riskSectionSchema.prefault({}),
  })
  .prefault({});

/** Whose passes and plates the gates of a site accept. */
const passesSchema = z.strictObject(acceptedPasses).prefault({});

/**
 * `sites/<id>/site.yaml`: the one description of a site. What names something else of the file is checked by
 * `crossReferences`, which works on files with mistakes too.
 */
export const siteFileSchema = z.strictObject({
  /** Form of this file. */
  version: z.literal(1),
  id: siteIdSchema,
  name: localizedTextSchema,
  /** Of schedules, days and hours. */
  timeZone: timeZoneSchema,
  /** Where it is on a map of the city; left out: the corner of its first plan. */
  position: positionSchema.optional(),
  /** Floors and buildings; the first one is shown first. */
  plans: z.array(planSchema).min(1).max(50),
  /** Hours of the day by name. */
  schedules: z.record(zoneIdSchema, armedHoursSchema).default({}),
  zones: z.array(zoneSchema).min(1).max(500),
  gateways: z.array(gatewaySchema).max(1_000).default([]),
  devices: z.array(placedDeviceSchema).max(5_000).default([]),
  /** Lines that a camera’s `line.crossed` may name. */
  lines: z
    .array(z.strictObject({ id: zoneIdSchema, zone: zoneIdSchema, name: localizedTextSchema }))
    .max(500)
    .default([]),
  /** What is armed together: modes, delays and schedules. */
  arming: z.array(armingAreaSchema).max(50).default([]),
  instructions: instructionsSchema.default({}),
  passes: passesSchema,
  privacy: z.array(privacyRecordSchema).max(500).default([]),
  policy: policySchema,
});
/** A site as it is described, defaults filled in. */
export type SiteFile = z.output<typeof siteFileSchema>;
/** As it is written. */
export type SiteFileInput = z.input<typeof siteFileSchema>;

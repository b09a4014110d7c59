import { z } from 'zod';
import { siteSchema } from '../site/site.ts';
import { clockSourceSchema } from '../wire/clock.ts';
import { deviceHealthSchema } from '../wire/gateway.ts';
import {
  deviceIdSchema,
  gatewayIdSchema,
  siteIdSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from '../wire/ids.ts';
import { chainProofSchema } from './chain.ts';
import { siteQuerySchema } from './session.ts';

/** `GET /api/v1/site`. */
export const siteResponseSchema = siteSchema;

/** One gateway with its devices, as the console shows it. */
export const gatewayStatusSchema = z.strictObject({
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  status: z.enum(['online', 'offline', 'unknown']),
  since: timeSchema.nullable(),
  version: z.string().nullable(),
  clockOffsetMs: z.number().nullable(),
  outboxDepth: z.number().int().nullable(),
  devices: z.array(deviceHealthSchema),
  /**
   * Code of the error registry while something is wrong with the gateway as a whole, e.g.
   * `wire.duplicate_identity`.
   */
  error: z.string().max(64).optional(),
  /** Every such code, the gateway's own words included, most weighty first; absent when nothing is wrong. */
  errors: z.array(z.string().max(64)).max(32).optional(),
  /** Where `clockOffsetMs` comes from, as far as it is known. */
  clockSource: clockSourceSchema.optional(),
  /** Events that came too late to page anybody, since the database was made: they are in the history only. */
  lateEvents: z.number().int().min(0).optional(),
  /** Events that the gateway could not keep, since its outbox was made. */
  eventsRefused: z.number().int().min(0).optional(),
  /** Of gateways that are told their site part through the gateway door. */
  sitePart: z
    .strictObject({
      /** The version that the gateway says is in force; null: none, or it has not said. */
      version: z.number().int().nullable(),
      /** The newest that was announced to it. */
      announced: z.number().int().optional(),
      /** Code of the error registry: why the announced one is not in force. */
      error: z.string().max(64).optional(),
    })
    .optional(),
  /** Where the site wants proof that what it says comes through. */
  proof: chainProofSchema.optional(),
});
export type GatewayStatus = z.infer<typeof gatewayStatusSchema>;

/** `GET /api/v1/gateways`. */
export const gatewayListSchema = z.strictObject({ gateways: z.array(gatewayStatusSchema) });
export type GatewayList = z.infer<typeof gatewayListSchema>;

/** A cell of the heat map: place risk from sensor and reported events only, never from watch-list matches. */
export const heatCellSchema = z.strictObject({
  /** H3 index. */
  cell: z.string(),
  /** Corners on the plan, metres, x east and y south. */
  outline: z.array(z.tuple([z.number(), z.number()])).min(3),
  /** Expected events per day at this place, see the risk reference. */
  expectedPerDay: z.number().min(0),
  /** `expectedPerDay` over the largest on the map, 0…1. */
  intensity: z.number().min(0).max(1),
  /** Decayed event count behind it. */
  weight: z.number().min(0),
});
export type HeatCell = z.infer<typeof heatCellSchema>;

/** `GET /api/v1/heat?site=…&plan=…`; of the first plan where none is named. */
export const heatQuerySchema = siteQuerySchema.extend({ plan: zoneIdSchema.optional() });

/** What `GET /api/v1/heat` answers: the map of one plan. */
export const heatMapSchema = z.strictObject({
  time: timeSchema,
  plan: zoneIdSchema,
  cells: z.array(heatCellSchema),
});
export type HeatMap = z.infer<typeof heatMapSchema>;

/** A message that could not be processed: kept, counted and visible. The payload itself is not shown. */
export const rejectSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  receivedAt: timeSchema,
  topic: z.string(),
  gateway: gatewayIdSchema.nullable(),
  device: deviceIdSchema.nullable(),
  code: z.string(),
  path: z.string().nullable(),
  bytes: z.number().int().min(0),
});
export type Reject = z.infer<typeof rejectSchema>;

/** `GET /api/v1/rejects`. */
export const rejectListSchema = z.strictObject({
  /** How many there are since the database was made, by code. */
  counts: z.record(z.string(), z.number().int().min(0)),
  newest: z.array(rejectSchema),
});
export type RejectList = z.infer<typeof rejectListSchema>;

import { z } from 'zod';
import { canaryPaceSchema } from '../wire/events/canary.ts';
import { deviceIdSchema, gatewayIdSchema, seqSchema, siteIdSchema, zoneIdSchema } from '../wire/ids.ts';
import { acceptedPasses, passTimes } from './accepted-passes.ts';
import { hookPlace } from './hook-place.ts';
import { motionFields } from './policy-motion.ts';
import { armedHoursSchema } from './schedule.ts';

/**
 * The site part: what one gateway is told of its site. It has no expiry; a gateway works with it for ever.
 * Devices are looked at one by one, so that one that this version does not understand keeps no other from
 * working; what a later version adds is not looked at.
 */
export const sitePartSchema = z.object({
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  version: seqSchema,
  /** Each as `deviceSchema` says; one with a mistake is off. */
  devices: z.array(z.record(z.string(), z.unknown())).max(500),
  /** Devices that the server switched off because of a mistake in the site file. */
  off: z.object({
    shown: z.array(deviceIdSchema).max(500),
    /** How many there are of which too little is known. */
    others: z.number().int().min(0),
  }),
  /** Zones of the site with the hours in which they are armed. */
  zones: z.array(z.object({ id: zoneIdSchema, armed: armedHoursSchema })).max(500),
  /** IANA time zone of these hours. */
  timeZone: z.string().min(1).max(64),
  /** Where devices call it. */
  hooks: z.object(hookPlace).optional(),
  /** What counts as movement for its cameras; a server of an older version says nothing of it. */
  motion: z.object(motionFields).optional(),
  /** How often it proves that what it says comes through; without it, not at all. */
  canary: z.object({ everyMs: canaryPaceSchema }).optional(),
  /** Whose passes and plates it accepts, and how it judges them. */
  passes: z.object({ ...acceptedPasses, ...passTimes }),
});
export type SitePart = z.output<typeof sitePartSchema>;

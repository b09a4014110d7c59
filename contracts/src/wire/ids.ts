import { z } from 'zod';

/**
 * A topic level: `[A-Za-z0-9_-]{1,64}` (design of the topics; no spaces, no wildcards, safe on every 3.1.1
 * broker).
 */
export const topicLevelPattern = /^[A-Za-z0-9_-]{1,64}$/;

const level = z.string().regex(topicLevelPattern, 'expected [A-Za-z0-9_-]{1,64}');

export const siteIdSchema = level.brand<'SiteId'>();
export type SiteId = z.infer<typeof siteIdSchema>;

export const gatewayIdSchema = level.brand<'GatewayId'>();
export type GatewayId = z.infer<typeof gatewayIdSchema>;

export const deviceIdSchema = level.brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceIdSchema>;

export const zoneIdSchema = level.brand<'ZoneId'>();
export type ZoneId = z.infer<typeof zoneIdSchema>;

/** Identifier of a watch-list or access-list entry: opaque, carries no personal data. */
export const entryIdSchema = level.brand<'EntryId'>();
export type EntryId = z.infer<typeof entryIdSchema>;

/** Identifier of one life of an outbox: random, made together with the outbox file. */
export const epochSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits')
  .brand<'Epoch'>();
export type Epoch = z.infer<typeof epochSchema>;

/**
 * How the epoch of an outbox begins that lives in memory beside, or instead of, that on a disk which takes
 * nothing.
 */
export const memoryEpochPrefix = '00000000';

/** Position of an event within an epoch: 1, 2, 3 … without gaps. */
export const seqSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const uuidSchema = z.uuid();
/** RFC 3339 in UTC with milliseconds, e.g. `2026-11-01T08:15:30.250Z`. */
export const timeSchema = z.iso.datetime({ precision: 3 });

/** `/sites/{site}/devices/{device}`, the CloudEvents `source` of everything a device says. */
export const sourceSchema = z
  .string()
  .regex(
    /^\/sites\/[A-Za-z0-9_-]{1,64}\/devices\/[A-Za-z0-9_-]{1,64}$/,
    'expected /sites/{site}/devices/{device}',
  );

export function sourceOf(site: string, device: string): string {
  return `/sites/${site}/devices/${device}`;
}

/** The parts of a `source` that {@link sourceSchema} accepted. */
export function parseSource(source: string): { readonly site: SiteId; readonly device: DeviceId } {
  const [, , site, , device] = source.split('/');
  return { site: siteIdSchema.parse(site), device: deviceIdSchema.parse(device) };
}

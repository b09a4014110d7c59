import { z } from 'zod';
import { gatewayIdSchema, seqSchema, siteIdSchema, timeSchema } from './ids.ts';
import { wireLimits } from './limits.ts';

/** SHA-256, hexadecimal. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hexadecimal digits');

const document = {
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  /** Only ever grows: a gateway takes no older one. */
  version: seqSchema,
  /** Of the document’s bytes. */
  digest: digestSchema,
  /** Of the document, bytes. */
  size: z.number().int().min(1).max(wireLimits.documentBytes),
};

/**
 * Which document a gateway is to have, before it is signed. What a later version adds is not looked at, so
 * that gateways may be older than their server.
 */
export const announcementSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('site'),
    ...document,
    /** Where it is at the gateway door. */
    path: z.literal('/site-part'),
  }),
  z.object({
    kind: z.literal('permit'),
    ...document,
    path: z.literal('/permit'),
    /** Server time. */
    issued: timeSchema,
    /** After this, by server time, no face is matched until a newer one comes (privacy rule 2). */
    expires: timeSchema,
  }),
]);
export type Announcement = z.infer<typeof announcementSchema>;
export type AnnouncementOf<K extends Announcement['kind']> = Extract<Announcement, { kind: K }>;

/**
 * Retained on `…/site` and `…/permit`: `announcement` is base64url of the JSON bytes that `signature`
 * (Ed25519, base64url) covers.
 */
export const signedAnnouncementSchema = z.object({
  kid: z.string().min(1).max(64),
  announcement: z.base64url().max(4096),
  signature: z.base64url().max(128),
});
export type SignedAnnouncement = z.infer<typeof signedAnnouncementSchema>;

import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { siteIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';

// Calls of functions that a bundler may leave out: no page of the console has a use for these.

/** `POST /api/v1/acknowledge-link` and `…/look`: the secret of a link, which stands in no address. */
export const acknowledgeLinkRequestSchema = /* @__PURE__ */ (() =>
  z.strictObject({
    token: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/),
  }))();

/** What a link would acknowledge. To look uses nothing up. */
export const acknowledgeLinkSchema = /* @__PURE__ */ (() =>
  z.strictObject({
    site: siteIdSchema,
    /** The incident. */
    incident: uuidSchema,
    severity: severitySchema,
    /** What and where, in the language of the notice. */
    title: z.string().min(1).max(300),
    openedAt: timeSchema,
    /** Clock time at the site. */
    since: z.string().max(40),
    expires: timeSchema,
    /** It takes a session of the person, too. */
    needsLogIn: z.boolean(),
    /** Where the console shows it. */
    place: z.string().max(200),
  }))();
export type AcknowledgeLink = z.infer<typeof acknowledgeLinkSchema>;

/** What became of it: `taken` when somebody had the incident already; the link is not used up by that. */
export const acknowledgedByLinkSchema = /* @__PURE__ */ (() =>
  z.strictObject({ outcome: z.enum(['acknowledged', 'taken']) }))();
export type AcknowledgedByLink = z.infer<typeof acknowledgedByLinkSchema>;

import { z } from 'zod';
import { cameraProbeSchema } from '../site/camera-probe.ts';
import { slowWithdrawalSchema } from '../site/policy-permit.ts';
import { secretNameSchema } from '../site/secret.ts';
import { gatewayIdSchema, siteIdSchema, timeSchema } from '../wire/ids.ts';
import { rulesRequestSchema } from './rules.ts';

/** SHA-256 of a version of a site file, hexadecimal. */
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** A mistake in a site file; code and details are explained by the error registry. */
const fileMistakeSchema = z.strictObject({
  code: z.string().max(64),
  /** In the file, both from 1; what is missing is at what it belongs to. */
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  /** JSON pointer (RFC 6901): `/devices/0/connect/url`; `/` is the whole file. */
  path: z.string(),
  /** First part of `path`: `devices`; empty for the whole file. */
  section: z.string(),
  /** What was found and what would be right: `found`, `expected`, `known`, `meant`, `least`, `most`. */
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type FileMistake = z.infer<typeof fileMistakeSchema>;

const mistakes = {
  /** In the order of the file. */
  mistakes: z.array(fileMistakeSchema),
  /** How many more there are. */
  unshown: z.number().int().min(0),
  /** What works, and may not do what somebody believes of it: nothing is off for it. */
  warnings: z.array(fileMistakeSchema).default([]),
};

/** `GET /api/v1/site-file?site=…`: the site file as it is on the server’s disk. */
export const siteFileViewSchema = z.strictObject({
  site: siteIdSchema,
  /** `basedOn` of a change that is made from it. */
  digest: digestSchema,
  writtenAt: timeSchema,
  /** Whether this version runs: false while it is put into force, and where its mistakes keep it out. */
  inForce: z.boolean(),
  /**
   * What stands in it, defaults not filled in; null where it is no YAML. Secrets by name; what should not
   * stand in the file, as a password in clear, is null.
   */
  value: z.record(z.string(), z.unknown()).nullable(),
  ...mistakes,
  /** Secrets that exist on the server and that this site may name. */
  secrets: z.array(secretNameSchema),
});
export type SiteFileView = z.infer<typeof siteFileViewSchema>;

/** A part of the way to what is changed; `-` at the end adds to a list. */
const pathPartSchema = z.union([
  z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected [A-Za-z0-9_-]{1,64}'),
  z.number().int().min(0).max(9_999),
]);

/** What stands at `path` becomes `value`; without `value` it is taken away. */
export const siteEditSchema = z.strictObject({
  path: z.array(pathPartSchema).min(1).max(16),
  value: z.json().optional(),
});
export type SiteEdit = z.infer<typeof siteEditSchema>;

/**
 * `POST /api/v1/site-file/plan` and `…/apply`, both with `?site=…`. The edits are made in their order, all
 * or none. Those below `privacy` need `privacy.edit`, all others `site.edit`.
 */
export const siteEditsRequestSchema = z.strictObject({
  basedOn: digestSchema,
  edits: z.array(siteEditSchema).min(1).max(200),
});
export type SiteEditsRequest = z.infer<typeof siteEditsRequestSchema>;

const ids = z.array(z.string());

/** What a version means for those that run the site, compared with what is in force. */
const siteChangesSchema = z.strictObject({
  /** Alerting is started again: the console is away for some seconds. */
  alerting: z.boolean(),
  /** Permits of gateways are renewed by other numbers. */
  permits: z.boolean(),
  /** What is withdrawn stops within this, not within a minute, at gateways without connection. */
  slowWithdrawal: slowWithdrawalSchema.optional(),
  /** Gateways that are told something new, and what becomes of their devices. */
  gateways: z.array(
    z.strictObject({ gateway: gatewayIdSchema, changed: ids, added: ids, gone: ids, kept: ids }),
  ),
  untouched: z.array(gatewayIdSchema),
});

/** What would come of a change. */
export const sitePlanSchema = z.strictObject({
  ...mistakes,
  /**
   * `applies`: it would be put into force; devices with mistakes are switched off. `refused`: a mistake is
   * elsewhere, and `apply` would write nothing.
   */
  outcome: z.enum(['applies', 'refused']),
  /** Null where it is refused. */
  changes: siteChangesSchema.nullable(),
});
export type SitePlan = z.infer<typeof sitePlanSchema>;

/**
 * The change is on the disk and is put into force from now on; `GET /api/v1/site-file` says when it is. A
 * restart of alerting ends connections: ask again until it answers.
 */
export const siteAppliedSchema = sitePlanSchema.extend({
  outcome: z.literal('applies'),
  /** Of the new version. */
  digest: digestSchema,
});
export type SiteApplied = z.infer<typeof siteAppliedSchema>;

/** `PUT /api/v1/secrets/{name}?site=…`: `name` as the person knows it, `camera-1`. */
export const secretParamsSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'expected camera-1'),
});

/** Is written to a file of its own (0600) and never answered. */
export const secretRequestSchema = z.strictObject({ value: z.string().min(1).max(1_024) });

/** What to write into the site file: `{ secret: … }`; it begins with the site, so no site has another’s. */
export const secretAnswerSchema = z.strictObject({ secret: secretNameSchema });

/** `POST /api/v1/cameras/{device}/still?site=…`: answers with a JPEG that is kept nowhere. */
export const stillRequestSchema = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/** `POST /api/v1/cameras/try?site=…`: a camera as the site file would name it, and who tries it. */
export const cameraTrialRequestSchema = cameraProbeSchema.extend({ gateway: gatewayIdSchema });
export type CameraTrialRequest = z.output<typeof cameraTrialRequestSchema>;
/** Null: a picture came, which nobody looked at. Otherwise a code of the error registry. */
export const cameraTrialSchema = z.strictObject({ error: z.string().max(64).nullable() });
export type CameraTrial = z.infer<typeof cameraTrialSchema>;

/** A name that could hold a secret has no place in what is kept of a set-up. */
const choiceName = z
  .string()
  .regex(/^(?!.*(?:password|secret|token|code))[A-Za-z][A-Za-z0-9]{0,39}$/i, 'expected a name of no secret');

/** `PUT /api/v1/setup?site=…`: where somebody stands who sets a site up. Choices hold no secrets. */
export const setupRequestSchema = z.strictObject({
  step: z.string().regex(/^[a-z][a-z_-]{0,31}$/, 'expected first_camera'),
  choices: z.record(choiceName, z.union([z.string().max(300), z.number(), z.boolean()])).default({}),
});
export type SetupRequest = z.input<typeof setupRequestSchema>;

/** `GET /api/v1/setup?site=…`; null: nobody began. */
export const setupAnswerSchema = z.strictObject({
  setup: setupRequestSchema.extend({ savedAt: timeSchema }).nullable(),
});
export type SetupAnswer = z.infer<typeof setupAnswerSchema>;

/** What alerting asks the process that owns the site files; whether the person may is decided before. */
export const siteEditorAskSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('read'), site: siteIdSchema }),
  siteEditsRequestSchema.extend({ ask: z.literal('plan'), site: siteIdSchema }),
  siteEditsRequestSchema.extend({ ask: z.literal('apply'), site: siteIdSchema }),
  secretRequestSchema.extend({
    ask: z.literal('keep_secret'),
    site: siteIdSchema,
    name: secretParamsSchema.shape.name,
  }),
  rulesRequestSchema.extend({ ask: z.literal('write_rules'), site: siteIdSchema }),
  z.strictObject({ ask: z.literal('put_into_force') }),
]);
export type SiteEditorAsk = z.infer<typeof siteEditorAskSchema>;

/** Between the two processes, bytes: the longest change, and the largest site file with its answer. */
export const siteEditorLimits = { requestBytes: 512 * 1024, answerBytes: 24 * 1024 * 1024 } as const;

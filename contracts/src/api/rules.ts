import { z } from 'zod';
import { ruleSetNameSchema } from '../site/policy-risk.ts';
import { ruleSetFileSchema } from '../site/rule-set.ts';
import { siteIdSchema } from '../wire/ids.ts';

/** What a kind of event scores, and when it alerts. */
const shownRuleSchema = z.strictObject({
  /** Points of the kind itself, 0–100. */
  base: z.number().int(),
  /** Points added while the zone is armed. */
  armed: z.number().int(),
  alert: z.enum(['always', 'when_armed', 'never']),
});
export type ShownRule = z.infer<typeof shownRuleSchema>;

/** One kind of event that may alert, as a rule set names it: `events.{event}.{kind}`. */
export const ruleOfKindSchema = z.strictObject({
  event: z.string(),
  /** Absent where all events of that name score alike. */
  kind: z.string().optional(),
  /** Always alerts, and cannot be silenced by a rule set. */
  lifeSafety: z.boolean(),
  builtIn: shownRuleSchema,
  inForce: shownRuleSchema,
});
export type RuleOfKind = z.infer<typeof ruleOfKindSchema>;

/** `GET /api/v1/rules?site=…`: how the events of a site are judged. */
export const rulesViewSchema = z.strictObject({
  site: siteIdSchema,
  /** Id of the rules in force: stands beside every score that they make. */
  ruleSet: z.string(),
  /** What the rule set says as its file says it; null while the built-in rules are in force. */
  file: ruleSetFileSchema.nullable(),
  /** The score from which an alert is of each severity; below the first it is low. */
  severities: z.strictObject({ medium: z.number(), high: z.number(), critical: z.number() }),
  rules: z.array(ruleOfKindSchema),
});
export type RulesView = z.infer<typeof rulesViewSchema>;

/** `POST /api/v1/rules?site=…`: writes a rule set and puts it into force. */
export const rulesRequestSchema = z.strictObject({
  /** Id of the rules in force that somebody saw. */
  basedOn: z.string().max(64),
  name: ruleSetNameSchema,
  rules: ruleSetFileSchema,
});
export type RulesRequest = z.output<typeof rulesRequestSchema>;

/** Written, and put into force from now on; alerting may be started again for it. */
export const rulesWrittenSchema = z.strictObject({
  /** Id of the rules that will be in force. */
  ruleSet: z.string(),
});
export type RulesWritten = z.infer<typeof rulesWrittenSchema>;

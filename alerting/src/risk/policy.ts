import { type RiskSection, riskSectionSchema } from '@watchpost/contracts/site';

/** The score, 0–100, from which an alert is of each severity. */
export interface SeverityBands {
  readonly medium: number;
  readonly high: number;
  readonly critical: number;
}

/** When several devices speak of the same. */
export interface CorroborationLimits {
  /** Observations this much earlier or later speak of the same happening, milliseconds. */
  readonly windowMs: number;
  /** Devices in another zone corroborate up to this distance, metres. */
  readonly nearM: number;
}

/** What a site says of how its risk is judged. What each kind of event scores is a rule set of its own. */
export interface RiskPolicy {
  readonly severities: SeverityBands;
  readonly corroboration: CorroborationLimits;
}

/** What is remembered between events. */
export const knownPolicy = {
  /** How alerts turned out is read again after this, milliseconds. */
  dispositionsMs: 5_000,
} as const;

/** The policy of a site file, as the scoring uses it. */
export const riskPolicyOf = ({ severities, corroboration }: RiskSection): RiskPolicy => ({
  severities,
  corroboration: { windowMs: corroboration.within, nearM: corroboration.nearM },
});

/** What holds where a site sets nothing else. */
export const defaultRiskPolicy = riskPolicyOf(riskSectionSchema.parse({}));

/** How dispositions become trust. */
export const trustPolicy = {
  /** Beta prior of trust: a new device is believed three times in four, with the weight of four alerts. */
  prior: { genuine: 3, mistaken: 1 },
} as const;

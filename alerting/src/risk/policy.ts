/**
 * How risk is judged: numbers that somebody may want to change. What each kind of event scores is a rule set
 * of its own.
 */
export const riskPolicy = {
  /** Score at which each severity begins. */
  severities: { medium: 25, high: 50, critical: 75 },
  /** Beta prior of trust: a new device is believed three times in four, with the weight of four alerts. */
  trustPrior: { genuine: 3, mistaken: 1 },
} as const;

/** When several devices speak of the same. */
export const corroborationPolicy = {
  /** Observations this much earlier or later speak of the same happening, milliseconds. */
  windowMs: 2 * 60_000,
  /** Devices in another zone corroborate up to this distance, metres. */
  nearM: 30,
} as const;

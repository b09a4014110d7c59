/** How risk is judged: numbers that somebody may want to change. What each kind of event scores is a rule set of its own. */
export const riskPolicy = {
  /** Score at which each severity begins. */
  severities: { medium: 25, high: 50, critical: 75 },
  /** Beta prior of trust: a new device is believed three times in four, with the weight of four alerts. */
  trustPrior: { genuine: 3, mistaken: 1 },
} as const;

/** When several devices speak of the same. */
export const corroborationPolicy = {
  /** Statements this much earlier or later speak of the same happening, milliseconds. */
  windowMs: 2 * 60_000,
  /** Devices in another zone corroborate up to this distance, metres. */
  nearM: 30,
} as const;

/** When two gateways use the same identity. */
export const duplicatePolicy = {
  /** A gateway stays marked this long after two lives last alternated, milliseconds. */
  markMs: 10 * 60_000,
  /** Replaced lives of its outbox that are remembered for one gateway. */
  rememberedEpochs: 16,
} as const;

/** Risk of places. Cells and weights in the store were made with these numbers. */
export const placePolicy = {
  /** Half-life of an incident's weight, days. */
  halfLifeDays: 365,
  /** H3 resolution 13: hexagons about 7 m across, some sixty on a site of 60 m × 40 m. */
  resolution: 13,
  /** How far an incident is smeared over the cells around its own: rings, and standard deviation of the Gaussian in cells. */
  rings: 2,
  sigmaCells: 1,
  /** Cells that reach this far over the edge of the plan are still drawn, metres. */
  edgeM: 5,
} as const;

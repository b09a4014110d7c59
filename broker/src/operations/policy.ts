/** What is told of gateways that flood the broker. */
export const floodPolicy = {
  /** How often the number of lost messages is told, milliseconds. */
  everyMs: 1000,
  /** Without a further message over the budget, a flood is over after so long, milliseconds. */
  overAfterMs: 15_000,
  /** Gateways that are told of at once; names are invented easily where anybody may publish. */
  most: 1000,
} as const;

export const auditPolicy = {
  /** Characters of a client id in a log line. */
  shownCharacters: 80,
} as const;

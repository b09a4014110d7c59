/** Numbers of the address plates of a site. */
export const platePolicy = {
  /** That hang somewhere. */
  goodAtMost: 20_000,
  /** Scans that one answer shows. */
  scansShown: 50,
  /** Requests a minute of one address. */
  perMinute: { reading: 300, issuing: 60, page: 60 },
} as const;

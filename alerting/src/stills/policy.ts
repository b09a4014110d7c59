/** Pictures of cameras that somebody asks for. */
export const stillPolicy = {
  /** A minute, of one address. */
  perMinute: 30,
  /** Cameras that are tried before they are written. */
  trialsPerMinute: 10,
} as const;

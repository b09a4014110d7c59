/** Pictures of cameras that somebody asks for. */
export const stillPolicy = {
  /** A minute, of one address. */
  perMinute: 30,
} as const;

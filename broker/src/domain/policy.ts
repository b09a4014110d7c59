/** How often a client id may change hands before two devices are assumed to share it. */
export interface TakeoverRule {
  readonly takeovers: number;
  readonly withinMs: number;
}

export const defaultTakeoverRule: TakeoverRule = { takeovers: 3, withinMs: 60_000 };

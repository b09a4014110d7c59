export const ownersFilePolicy = {
  /** Changes within this time are written together, milliseconds. */
  settleMs: 50,
} as const;

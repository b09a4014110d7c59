export const ownersFilePolicy = {
  /** Changes within this time are written together, milliseconds. */
  settleMs: 50,
} as const;

/** Retained messages for those who subscribe. */
export const retainedPolicy = {
  /** So many go out in one turn of the event loop, to all who asked: then it is the others’ turn. */
  perTurn: 16,
} as const;

/** How devices are judged. */
export const healthPolicy = {
  /** How long something unreadable keeps a device `degraded`, milliseconds. */
  degradedForMs: 10_000,
} as const;

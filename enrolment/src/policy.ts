/** How the enrolment lives. */
export const enrolmentPolicy = {
  /** Requests that wait while one is worked on; more are refused. */
  waitingAtMost: 8,
  /** From a request's turn to its answer, milliseconds: eight photos of fifty megapixels. */
  requestMs: 90_000,
  /** How long a request may take to arrive, milliseconds. */
  arrivalMs: 10_000,
  /** The process ends after so long without a request, milliseconds. */
  idleMs: 60_000,
  /** Gallery files that are kept of a site: the one in use and the one before. */
  galleriesKept: 2,
} as const;

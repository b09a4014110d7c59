/** The enrolment as a process, seen from alerting. Milliseconds, unless their name says otherwise. */
export const enrolmentProcessPolicy = {
  /** From its start to its word that it is ready; it opens its models with the first photo. */
  readyMs: 60_000,
  /** From a request to its answer, with those that wait before it. */
  answerMs: 180_000,
  /** For what it works on when alerting stops. */
  stopMs: 10_000,
  /** From a connection that it cut to its end, when it crashed. */
  dyingMs: 1_000,
  /** How often it is started for one request, when it ends for want of work just then. */
  attempts: 2,
  nodeOptions: ['--max-semi-space-size=4', '--max-old-space-size=512'],
} as const;

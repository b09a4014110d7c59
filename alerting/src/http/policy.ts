/** From the console to Node-RED. */
export const handoverPolicy = {
  /** A code that hands a browser over to Node-RED is good for this long, once. */
  codeMs: 60_000,
  codesAtMost: 1_000,
  /** How long the browser that was sent for a code is known again. */
  stateMs: 60_000,
  /** How long the browser keeps its cookie; the session may end before. */
  cookieMs: 12 * 3_600_000,
} as const;

/** Connections and health checks, whoever asks. */
export const httpPolicy = {
  /** Open connections of one address; a trusted proxy may have as many as the server takes. */
  connectionsPerAddress: 400,
  /** The health of the components is asked at most this often, however often the page is. */
  healthFreshMs: 1_000,
  /** Answers of the health page to one address within {@link healthWindowMs}. */
  healthAnswers: 600,
  healthWindowMs: 10_000,
} as const;

/** One action with many alerts. */
export const batchPolicy = {
  /** Requests a minute of one address. */
  perMinute: 60,
} as const;

/** What people have seen. */
export const seenPolicy = {
  /** Requests a minute of one address: each alert that somebody opens is one. */
  perMinute: 300,
  /** Alerts of a site that one request marks, when it means all. */
  atMost: 10_000,
} as const;

/** The certificate that browsers see. */
export const certificateWatchPolicy = {
  /** How often its files are looked at. */
  everyMs: 60_000,
  /** So long before it ends it is told that nobody has renewed it: our own would have been, long before. */
  tellBeforeMs: 14 * 86_400_000,
} as const;

/** How answers go out. */
export const answerPolicy = {
  /** How long connections may take to end by themselves when the server closes. */
  closeGraceMs: 1_000,
  /** Whoever does not read the answer to a malformed request does not hold the connection longer. */
  refusedMs: 1_000,
  /** Answers from this size on are compressed, bytes. */
  compressFromBytes: 1_024,
  /** Node's own default of 11 takes a hundred times as long for a tenth less. */
  brotliQuality: 4,
  /** Longest part of a path that stands for an id, characters. */
  pathPartCharacters: 200,
  /** Heat maps that are kept drawn for people who are limited to zones. */
  narrowMapsKept: 50,
  /** Rejects that one answer shows. */
  rejectsShown: 200,
} as const;

/**
 * Limits of a link to a broker. Times are lived time: what a process spends stalled or asleep does not count.
 */
export interface MqttLinkLimits {
  /** From the first packet of TCP to CONNACK. */
  readonly connackMs: number;
  readonly subackMs: number;
  /** For each message at QoS 1. */
  readonly pubackMs: number;
  /** A PINGREQ leaves so long after the last packet that came in. */
  readonly pingEveryMs: number;
  /** From PINGREQ to any packet. */
  readonly pingrespMs: number;
  /** What CONNECT says; the broker gives us up after one and a half times as long. Seconds. */
  readonly keepaliveS: number;
  /** First pause after a refusal or a loss; doubles up to `maxRetryMs`, ±25 %. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** A connection that lasted so long was a good one: the next pause is the first one again. */
  readonly steadyMs: number;
  /** For each of the two steps of a stop: last publications, then DISCONNECT. */
  readonly stopMs: number;
}

export const mqttLinkLimits: MqttLinkLimits = {
  connackMs: 5_000,
  subackMs: 5_000,
  pubackMs: 10_000,
  pingEveryMs: 5_000,
  pingrespMs: 5_000,
  keepaliveS: 15,
  firstRetryMs: 300,
  maxRetryMs: 15_000,
  steadyMs: 10_000,
  stopMs: 500,
};

/** Limits of an HTTP server. */
export interface HttpServerLimits {
  /** From the first byte of a connection or request to the end of its headers. */
  readonly headersMs: number;
  /** From the first byte to the end of the body. Answers may take as long as they need. */
  readonly requestMs: number;
  /** A connection on which nothing moves in either direction; streams send heartbeats more often. */
  readonly idleMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Open connections in all; more are closed at once. */
  readonly connections: number;
  /** How often unfinished requests are looked for. */
  readonly checkEveryMs: number;
}

export const httpServerLimits: HttpServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 120_000,
  keepAliveMs: 20_000,
  headerBytes: 16 * 1024,
  bodyBytes: 64 * 1024,
  connections: 1_000,
  checkEveryMs: 2_000,
};

/** Limits of a process. */
export interface ServiceLimits {
  /** A stop that takes longer ends the process with exit code 1. */
  readonly stopMs: number;
  /**
   * How long a start may go on after somebody asked to stop, and how long a last message may take to leave.
   */
  readonly cutShortMs: number;
  /** How long the program that forbids core files may take. */
  readonly coreLimitMs: number;
  /** How often a process without an IPC channel looks whether its parent lives. */
  readonly parentEveryMs: number;
}

export const serviceLimits: ServiceLimits = {
  stopMs: 5_000,
  cutShortMs: 1_000,
  coreLimitMs: 5_000,
  parentEveryMs: 500,
};

/** How many log lines of one kind are written. */
export interface LogQuotaRule {
  /** Lines of one kind per window. */
  readonly lines: number;
  readonly windowMs: number;
}

export const defaultLogQuota: LogQuotaRule = { lines: 10, windowMs: 10_000 };

/** The port for Prometheus. */
export const metricsPolicy = {
  /** Connections at a time; one scraper needs one. */
  scrapersAtMost: 16,
} as const;

/** Files of a server folder. */
export const serverFolderPolicy = {
  /** Largest file, bytes: a site of 5,000 devices takes two million. */
  fileBytes: 8 * 1024 * 1024,
  /** Words of YAML in a file: those 5,000 devices take half a million. */
  words: 1_500_000,
  /** Lists and settings within each other on a line, or by brackets. */
  depth: 32,
  /** Blanks at the beginning of a line. */
  indentation: 100,
  /** Earlier versions of a file that are kept. */
  versionsKept: 10,
  /** How long a program waits for another one that is changing the same file, milliseconds. */
  waitMs: 5_000,
  /** Mistakes of one file that are shown. */
  mistakesShown: 100,
} as const;

/** Requests of commands to the server that runs. */
export const localSocketPolicy = {
  /** Longest request, bytes. */
  lineBytes: 64 * 1024,
  /** How long a request may take to arrive, milliseconds. */
  requestMs: 5_000,
  /** How long a command waits for the answer, milliseconds: alerting may have to start again. */
  answerMs: 120_000,
  connections: 16,
} as const;

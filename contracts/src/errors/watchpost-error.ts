import { type ErrorCode, errorRegistry } from './error-registry.ts';

export interface ErrorContext {
  /** Where in the input, as a JSON pointer such as `/data/cosine`. */
  readonly path?: string;
  /** What was expected and what was found, never a secret, a face or a whole message. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/** Every error that Watchpost raises on purpose. `message` is the registry's summary plus the path. */
export class WatchpostError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    const { path, details = {}, cause } = context;
    super(path ? `${errorRegistry[code].summary} (${path})` : errorRegistry[code].summary, { cause });
    this.name = 'WatchpostError';
    this.code = code;
    this.path = path;
    this.details = details;
  }
}

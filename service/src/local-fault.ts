import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';

/** An error as it travels between two of our processes. */
export interface LocalFault {
  readonly code: string;
  readonly path?: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** What is told of an error: nothing but its code when it is none of ours. */
export function toFault(error: unknown): LocalFault {
  const { code, path, details } =
    error instanceof WatchpostError ? error : new WatchpostError('api.internal', { cause: error });
  return { code, path, details };
}

/** The error that was told. */
export function toError({ code, path, details }: LocalFault): WatchpostError {
  const known = code in errorRegistry ? (code as ErrorCode) : 'api.internal';
  return new WatchpostError(known, { ...(path === undefined ? {} : { path }), details });
}

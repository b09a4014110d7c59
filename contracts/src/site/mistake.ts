import type { ErrorCode } from '../errors/error-registry.ts';

/** Something in a file of the server folder that cannot be used. */
export interface Mistake {
  readonly code: Extract<ErrorCode, `site.${string}` | 'config.camera_address' | 'config.plain_credentials'>;
  /** Path of the file, from the server folder. */
  readonly file: string;
  /** Where to look, both from 1; the place of what is missing is what it belongs to. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer (RFC 6901) into the file. */
  readonly path: string;
  /** What was found and what would be right: `found`, `expected`, `known`, `meant`. Never a secret. */
  readonly details: Readonly<Record<string, string | number>>;
}

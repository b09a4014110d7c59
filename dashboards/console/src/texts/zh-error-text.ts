import type { ErrorCode } from '@watchpost/contracts/errors';
import { zhErrors } from './zh-errors.ts';

/** What an error code means, in Simplified Chinese; the English text is the registry’s own. */
export function zhErrorText(code: ErrorCode): string {
  return zhErrors[`error.${code}`];
}

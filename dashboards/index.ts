import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '@watchpost/contracts/errors';
import { zhErrors } from './console/src/texts/zh-errors.ts';

export { expandMacros, type GrafanaQuery, grafanaQueries } from './grafana/queries.ts';

/** Folder with the built console (`npm run build`); its `index.html` is what the server answers `/` with. */
export const consoleFolder: string = fileURLToPath(new URL('./console/dist', import.meta.url));

/** What an error code means, in Simplified Chinese; the English text is the registry’s own. */
export function zhErrorText(code: ErrorCode): string {
  return zhErrors[`error.${code}`];
}

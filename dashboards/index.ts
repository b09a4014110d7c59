import { fileURLToPath } from 'node:url';

export { expandMacros, type GrafanaQuery, grafanaQueries } from './grafana/queries.ts';

/** Folder with the built console (`npm run build`); its `index.html` is what the server answers `/` with. */
export const consoleFolder: string = fileURLToPath(new URL('./console/dist', import.meta.url));

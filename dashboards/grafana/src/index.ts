export { expandMacros, type GrafanaQuery, grafanaQueries } from './queries.ts';

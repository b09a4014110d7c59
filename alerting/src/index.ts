export { startAlerting } from './main.ts';
export type { AlertingOptions, AlertingService } from './options.ts';

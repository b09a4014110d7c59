export type { AlertingOptions, AlertingService } from './config.ts';
export { startAlerting } from './main.ts';

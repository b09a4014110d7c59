export { startAlerting } from './main.ts';
export type { AlertingOptions, AlertingService } from './options.ts';
export { createEmbeddedStore } from './store/open-store.ts';

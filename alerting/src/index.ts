export type { AlertingOptions } from './config.ts';
export { EnrolmentSocket, type EnrolmentSocketOptions } from './governance/enrolment/enrolment-socket.ts';
export type { BrokenFile } from './health/broken-files.ts';
export type { AlertingService } from './main.ts';
export { startAlerting } from './main.ts';
export { SiteEditorSocket } from './site-editing/site-editor-socket.ts';
export { StillSocket } from './stills/still-socket.ts';

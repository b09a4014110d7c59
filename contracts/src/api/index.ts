export * from './account-link.ts';
export * from './alerts.ts';
export * from './audit.ts';
export * from './health.ts';
export * from './rights.ts';
export * from './session.ts';
export * from './site.ts';
export * from './stream.ts';

export * from './account-link.ts';
export * from './account-scope.ts';
export * from './accounts.ts';
export * from './alerts.ts';
export * from './api-tokens.ts';
export * from './audit.ts';
export * from './health.ts';
<<<<<<< HEAD
export * from './lists.ts';
export * from './own-account.ts';
=======
export * from './privacy.ts';
>>>>>>> 60914b8 (alerting: what is on record of looking for faces, and what of it is due)
export * from './rights.ts';
export * from './second-factor.ts';
export * from './session.ts';
export * from './site.ts';
export * from './stream.ts';

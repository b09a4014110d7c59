export * from './device-metrics.ts';
export * from './device-reports.ts';
export * from './policy-lists.ts';
export * from './site.ts';

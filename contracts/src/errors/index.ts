export * from './error-registry.ts';
export * from './watchpost-error.ts';

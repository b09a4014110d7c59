export * from './call.ts';
export type { ApiRoutes } from './routes.ts';

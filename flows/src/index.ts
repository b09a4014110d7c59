export { type FlowsConfig, type FlowsOptions, flowsConfigSchema } from './config.ts';
export { type FlowsService, startFlows } from './flows-service.ts';
export { secretHeader } from './guard.ts';

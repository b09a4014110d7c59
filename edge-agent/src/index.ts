export type { ToldDevices, UnusableDevice } from './agent/device-roster.ts';
export {
  type EdgeAgentConfig,
  type EdgeAgentConfigInput,
  edgeAgentConfigSchema,
  parseEdgeAgentConfig,
} from './config.ts';
export { RedemptionFile, type RedemptionFileOptions } from './passes/redemption-file.ts';
export { type EdgeAgent, type EdgeAgentDeps, startEdgeAgent } from './start-edge-agent.ts';

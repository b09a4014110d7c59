export { type BrokerService, startBroker } from './broker-service.ts';
export {
  type BrokerConfig,
  type BrokerOptions,
  brokerConfigSchema,
  type Identity,
  parseBrokerConfig,
} from './config.ts';
export { type DemoBrokerOptions, startDemoBroker } from './demo-broker.ts';
export { type ExportTarget, exportedFiles, exportTargets } from './export/exported-files.ts';
export { natsPasswordVariable } from './export/nats.ts';
export { type BrokerLimits, brokerLimitsSchema } from './policy.ts';

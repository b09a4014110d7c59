export { type BrokerService, startBroker } from './broker-service.ts';
export { type BrokerConfig, type BrokerOptions, brokerConfigSchema, type Identity } from './config.ts';
export { type DemoBrokerOptions, startDemoBroker } from './demo-broker.ts';
export { type BrokerLimits, brokerLimitsSchema } from './limits.ts';

export { type BrokerService, startBroker } from './broker-service.ts';
export { type BrokerConfig, type BrokerOptions, brokerConfigSchema, type Identity } from './config.ts';
export { type DemoBrokerOptions, startDemoBroker } from './demo-broker.ts';
export { emqxAcl } from './export/emqx.ts';
export { type ExportedUser, mosquittoAcl } from './export/mosquitto.ts';
export { natsUsers } from './export/nats.ts';
export { type BrokerLimits, brokerLimitsSchema } from './limits.ts';

import { runService } from '@watchpost/service';
import { startBroker } from './broker-service.ts';
import { parseBrokerConfig } from './config.ts';

/**
 * `main.ts CONFIG.json`: the broker as a process of its own, which ends with its parent. SIGHUP reads the
 * configuration again.
 */
await runService({
  name: 'broker',
  parse: parseBrokerConfig,
  start: (config, logger) => startBroker({ ...config, logger }),
  announce: ({ port, ports, metricsPort, insecureListeners }) => ({
    port,
    ports,
    metricsPort,
    insecure: insecureListeners,
  }),
  reload: (broker, config) => broker.reload(config),
});

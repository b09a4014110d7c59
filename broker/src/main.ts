import { setFlagsFromString } from 'node:v8';
import { runService } from '@watchpost/service';
import { startBroker } from './broker-service.ts';
import { parseBrokerConfig } from './config.ts';

// The collector’s helper threads have to be given a processor before a collection can end. Where all are
// busy, under attack above all, everybody waits for that: milliseconds for work of some hundred microseconds.
for (const work of ['scavenge', 'marking', 'compaction', 'pointer-update', 'weak-ref-clearing'])
  setFlagsFromString(`--no-parallel-${work}`);

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

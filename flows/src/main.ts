// First: Node-RED copies the functions of `fs` when it is loaded.
import './durable-writes.ts';
import { runService } from '@watchpost/service';
import { parseFlowsConfig } from './config.ts';
import { assertConfined, giveUpPower } from './confinement.ts';
import { startFlows } from './flows-service.ts';

/**
 * `main.ts -` (configuration on standard input) or `main.ts CONFIG.json`: Node-RED as a process of its own,
 * which ends with its parent. Node must have been started with the options of `confinement`.
 */
await runService({
  name: 'flows',
  parse: (value) => {
    assertConfined();
    return parseFlowsConfig(value);
  },
  start: (config, logger) => startFlows({ ...config, logger }),
  announce: ({ port }) => ({ port }),
});
giveUpPower();

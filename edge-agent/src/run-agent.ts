import { dirname, resolve } from 'node:path';
import { runService } from '@watchpost/service';
import { lastServerMs } from './clock/clock-file.ts';
import { type EdgeAgentConfig, parseEdgeAgentConfig } from './config.ts';
import { claimedConfig } from './identity/claimed-config.ts';
import { claimedServerSchema } from './identity/server-file.ts';
import { agentPolicy } from './policy.ts';
import { resolveFiles } from './resolve-files.ts';
import { startEdgeAgent } from './start-edge-agent.ts';

/** @throws WatchpostError `config.invalid` */
function parseConfig(written: unknown, file: string): EdgeAgentConfig {
  const folder = dirname(resolve(file));
  const claimed = claimedServerSchema.safeParse(written);
  const value = claimed.success ? claimedConfig(claimed.data) : written;
  // A clock that lost its battery must not make a signed assessment one from the future, and so keep the
  // gateway from starting.
  const { dataFolder } = (value ?? {}) as { dataFolder?: unknown };
  const known = lastServerMs(resolve(folder, String(dataFolder), 'clock.json'));
  return resolveFiles(parseEdgeAgentConfig(value, Math.max(Date.now(), known)), folder);
}

/**
 * The agent as a process of its own: `main.ts CONFIG.json`. SIGHUP applies what the file says of devices
 * now. The file may also be what a claim wrote, `server.json`: the server then tells the rest.
 */
export function runAgent(): Promise<void> {
  return runService({
    name: 'edge-agent',
    parse: parseConfig,
    start: (config, log) => startEdgeAgent(config, { log }),
    // A gateway that its server tells is told nothing by its file.
    reload: async (agent, config) =>
      void (config.told && !config.told.local ? undefined : await agent.apply(config)),
    logLevel: ({ logLevel }) => logLevel,
    stopMs: agentPolicy.stopWithinMs,
  });
}

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceOf } from '@watchpost/contracts/site';
import { runService } from '@watchpost/service';
import { lastServerMs } from './clock/clock-file.ts';
import { type EdgeAgentConfig, parseEdgeAgentConfig } from './config.ts';
import { resolveAccess } from './identity/broker-access.ts';
import { agentPolicy } from './policy.ts';
import { startEdgeAgent } from './start-edge-agent.ts';

/** @throws WatchpostError `config.invalid` */
function parseConfig(value: unknown, file: string): EdgeAgentConfig {
  const folder = dirname(resolve(file));
  // A clock that lost its battery must not make a signed assessment one from the future, and so keep the
  // gateway from starting.
  const { dataFolder } = (value ?? {}) as { dataFolder?: unknown };
  const known = lastServerMs(resolve(folder, String(dataFolder), 'clock.json'));
  return resolveFiles(parseEdgeAgentConfig(value, Math.max(Date.now(), known)), folder);
}

function resolveFiles(config: EdgeAgentConfig, folder: string): EdgeAgentConfig {
  const { gallery, models } = config;
  return {
    ...config,
    dataFolder: resolve(folder, config.dataFolder),
    broker: resolveAccess(config.broker, (file) => resolve(folder, file)),
    ...(gallery
      ? { gallery: { file: resolve(folder, gallery.file), keysFile: resolve(folder, gallery.keysFile) } }
      : {}),
    models: models.filesFrom ? { ...models, filesFrom: resolve(folder, models.filesFrom) } : models,
    devices: config.devices.map((device) =>
      device.kind === 'camera' ? resolveCamera(folder, device) : device,
    ),
    secretsFolder: resolve(folder, config.secretsFolder),
    secretFiles: Object.fromEntries(
      Object.entries(config.secretFiles).map(([name, file]) => [name, resolve(folder, file)]),
    ),
  };
}

function resolveCamera(folder: string, camera: DeviceOf<'camera'>): DeviceOf<'camera'> {
  const { connect } = camera;
  if (connect.driver !== 'file') return camera;
  return { ...camera, connect: { ...connect, url: resolveVideo(folder, connect.url) } };
}

function resolveVideo(folder: string, url: string): string {
  const path = url.trim();
  return /^file:/i.test(path) ? fileURLToPath(path) : resolve(folder, path);
}

/**
 * The agent as a process of its own: `main.ts CONFIG.json`. SIGHUP applies what the file says of devices now.
 */
export function runAgent(): Promise<void> {
  return runService({
    name: 'edge-agent',
    parse: parseConfig,
    start: (config, log) => startEdgeAgent(config, { log }),
    reload: async (agent, config) => void (await agent.apply(config)),
    logLevel: ({ logLevel }) => logLevel,
    stopMs: agentPolicy.stopWithinMs,
  });
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts';
import pino from 'pino';
import { lastServerMs } from './clock/clock-file.ts';
import { type EdgeAgentConfig, parseEdgeAgentConfig } from './config.ts';
import { resolveAccess } from './identity/broker-access.ts';
import { startEdgeAgent } from './start-edge-agent.ts';
import { isStreamAddress } from './stream-address.ts';

/** Longest time that stopping may take before the process ends anyway. */
const stopWithinMs = 1800;

/** @throws WatchpostError `config.invalid` */
function readConfig(file: string): EdgeAgentConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new WatchpostError('config.invalid', { path: file, details: { expected: 'a file of JSON' } });
  }
  const folder = dirname(resolve(file));
  // A clock that lost its battery must not make a signed assessment one from the future, and so keep the gateway from starting.
  const { dataFolder } = value as { dataFolder?: unknown };
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
      device.kind === 'camera' ? { ...device, url: resolveVideo(folder, device.url) } : device,
    ),
  };
}

function resolveVideo(folder: string, url: string): string {
  if (isStreamAddress(url)) return url;
  return url.startsWith('file:') ? fileURLToPath(url) : resolve(folder, url);
}

async function run(file: string | undefined): Promise<void> {
  if (!file) throw new WatchpostError('config.invalid', { details: { usage: 'edge-agent CONFIG.json' } });
  const config = readConfig(file);
  const log = pino({ name: 'edge-agent', level: config.logLevel });
  const starting = startEdgeAgent(config, { log });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopWithinMs);
    starting
      .then((agent) => agent.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Whoever started us over IPC is gone.
  process.on('disconnect', stop);
  const agent = await starting;
  log.debug({ devices: agent.state().devices.length }, 'running');
  process.send?.({ ready: true });
}

/**
 * The agent as a process: starts it from a configuration file, says `{ready: true}` to whoever forked it, and ends the process on
 * SIGTERM, SIGINT or when the parent is gone. When it cannot start it says `{ready: false, code, message}` and exits with 1.
 */
export async function runAgent(configFile: string | undefined): Promise<void> {
  try {
    await run(configFile);
  } catch (error) {
    const known = error instanceof WatchpostError;
    const report = known ? { code: error.code, details: error.details } : { err: error };
    pino({ name: 'edge-agent' }).fatal(report, known ? error.message : 'edge agent failed');
    process.send?.({
      ready: false,
      ...(known
        ? { code: error.code, message: error.message, path: error.path, details: error.details }
        : {}),
    });
    // Time for the message to leave.
    setTimeout(() => process.exit(1), 50);
  }
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import { memorySettingsOf, nodeOptionsOf, type ServiceName } from '../start/node-options.ts';

/** What a service says over IPC when it has started, or cannot. */
interface Started {
  readonly ready: boolean;
  readonly port?: number;
  readonly code?: string;
  readonly path?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Runs the `main.ts` of a package in the foreground and passes signals on: SIGHUP reloads, SIGTERM and Ctrl-C
 * stop.
 * @returns its exit code
 * @throws WatchpostError with the service’s own code when it cannot start
 */
export async function runService(
  service: ServiceName,
  entry: string,
  config: string,
  ready: (port: number | undefined) => void,
): Promise<number> {
  const child = fork(entry, [config], {
    stdio: 'inherit',
    // As where a server runs it: a gateway on a small computer of its own needs it most.
    execArgv: [...nodeFlags, ...nodeOptionsOf(service)],
    env: { ...memorySettingsOf(service), ...process.env },
  });
  let failed: WatchpostError | undefined;
  child.on('message', (message) => {
    const { ready: started, port, code = '', path, details = {} } = message as Started;
    if (started) ready(port);
    else if (Object.hasOwn(errorRegistry, code))
      failed = new WatchpostError(code as ErrorCode, { ...(path === undefined ? {} : { path }), details });
  });
  // the terminal’s Ctrl-C reaches the child too; a supervisor’s signal does not
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  if (failed) throw failed;
  return code ?? 1;
}

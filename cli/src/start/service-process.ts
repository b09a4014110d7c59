import { type ChildProcess, fork } from 'node:child_process';
import { WatchpostError } from '@watchpost/contracts';
import type { Logger } from 'pino';

/** What a service says once it runs; further fields are its own. */
export interface ReadyMessage {
  readonly ready: true;
  readonly port?: number;
}

export interface ServiceOptions {
  readonly name: string;
  /** File that runs the service and `process.send({ ready: true })` when it does, or `{ error: { code, message } }`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly logger: Logger;
  readonly onChange?: (status: ServiceStatus) => void;
}

export type ServiceStatus = 'starting' | 'ok' | 'down';

const stopGraceMs = 3000;
const firstRestartMs = 250;
const longestRestartMs = 15_000;

/** One service in a process of its own: started again when it dies, stopped within {@link stopGraceMs}. */
export class ServiceProcess {
  readonly #options: ServiceOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restartMs = firstRestartMs;
  #restartTimer: NodeJS.Timeout | undefined;
  status: ServiceStatus = 'starting';

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Resolves when the service says that it is ready.
   * @throws WatchpostError with the service’s own code when its first start fails
   */
  start(): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn();
      let settled = false;
      child.on('message', (message) => {
        const { ready, error } = message as { ready?: boolean; error?: { code: string; path?: string; details?: Record<string, string> } };
        if (settled || (!ready && !error)) return;
        settled = true;
        if (ready) resolve(message as ReadyMessage);
        else this.#fail(reject, error);
      });
      child.once('exit', () => {
        if (settled) return;
        settled = true;
        this.#fail(reject, undefined);
      });
    });
  }

  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  #fail(reject: (error: Error) => void, error: { code: string; path?: string; details?: Record<string, string> } | undefined): void {
    this.#stopping = true;
    const { name } = this.#options;
    reject(
      error
        ? new WatchpostError(error.code as 'api.internal', { ...(error.path ? { path: error.path } : {}), details: { service: name, ...error.details } })
        : new WatchpostError('api.internal', { details: { service: name } }),
    );
  }

  #spawn(): ChildProcess {
    const { entry, args, environment, nodeOptions, logger, name } = this.#options;
    const child = fork(entry, [...args], {
      env: { ...process.env, ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning', ...(nodeOptions ?? [])],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Ctrl-C reaches the whole terminal group; we alone decide who stops when.
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    child.on('message', (message) => {
      if ((message as { ready?: boolean }).ready) {
        this.#restartMs = firstRestartMs;
        this.#became('ok');
      }
    });
    child.once('exit', (code, signal) => {
      this.#became('down');
      if (this.#stopping) return;
      logger.error({ service: name, code, signal, restartInMs: this.#restartMs }, 'service ended, starting it again');
      this.#restartTimer = setTimeout(() => this.#spawn(), this.#restartMs);
      this.#restartMs = Math.min(longestRestartMs, this.#restartMs * 2);
    });
    child.on('error', (error) => logger.error({ service: name, error: error.message }, 'service process failed'));
    return child;
  }

  #became(status: ServiceStatus): void {
    this.status = status;
    this.#options.onChange?.(status);
  }
}

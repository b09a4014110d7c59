import { type ChildProcess, fork } from 'node:child_process';
import { type ComponentHealth, componentHealthSchema } from '@watchpost/contracts/api';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import type { Logger } from 'pino';
import { startPolicy } from '../policy.ts';

/** What a service says once it runs. */
export interface ReadyMessage {
  readonly ready: true;
  readonly port?: number;
  /** Of alerting: the secret of a link for the first administrator. */
  readonly firstLink?: string;
}

/** What a service says when it cannot start. */
interface FailedMessage {
  readonly ready: false;
  readonly code: string;
  readonly path?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

function isStartMessage(message: unknown): message is ReadyMessage | FailedMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'ready' in message &&
    typeof message.ready === 'boolean'
  );
}

const healthIn = (message: unknown): ComponentHealth | undefined =>
  typeof message === 'object' && message !== null && 'health' in message
    ? componentHealthSchema.safeParse(message.health).data
    : undefined;

export interface ServiceOptions {
  readonly name: string;
  /**
   * File that runs the service and `process.send({ ready: true })` when it does, or
   * `{ ready: false, code, details }`.
   */
  readonly entry: string;
  readonly args: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** A process that has not said by then that it is ready is killed; it counts as ended. */
  readonly readyMs?: number;
  /** Variables that the service gets beside ours, which count more. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Variables that the service gets instead of ours. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** What the service reads from standard input: a configuration that must be in no file. */
  readonly input?: string | undefined;
  readonly logger: Logger;
  readonly onChange?: (status: ServiceStatus) => void;
  /** A service that runs says how it is: `process.send({ health })`. What it said ends with its process. */
  readonly onHealth?: (health: ComponentHealth) => void;
}

export type ServiceStatus = 'starting' | 'ok' | 'down';

/** One service in a process of its own: started again when it dies. */
export class ServiceProcess {
  readonly #options: ServiceOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restartMs: number = startPolicy.restart.firstMs;
  #restartTimer: NodeJS.Timeout | undefined;
  /** The child was killed because it was not ready in time. */
  #overdue = false;
  /** The child ends because somebody wants it anew. */
  #isRestarting = false;
  /** Called when it is ready, or when it is stopped. */
  #waiting: (() => void)[] = [];
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
        if (settled || !isStartMessage(message)) return;
        settled = true;
        if (message.ready) resolve(message);
        else this.#fail(reject, message);
      });
      const ended = () => {
        if (settled) return;
        settled = true;
        const code = this.#overdue ? 'service.not_ready' : 'start.step_failed';
        this.#fail(reject, { ready: false, code });
      };
      child.once('exit', ended);
      // A process that could not even be made has no exit.
      child.once('error', ended);
    });
  }

  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  /** Asks it to read its configuration again. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /**
   * Ends the process and starts it again, with what its configuration says then; settles when it is ready,
   * however often that takes.
   */
  async restart(graceMs: number): Promise<void> {
    const child = this.#child;
    if (this.#stopping) return;
    const ready = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isRestarting = true;
    // Between two attempts there is none to end: the next one reads the configuration anyway.
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => clearTimeout(kill));
      child.kill('SIGTERM');
    }
    await ready;
  }

  /** Asks the process to end, and kills it after `graceMs` milliseconds. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#settle();
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), Math.max(0, graceMs));
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  #fail(reject: (error: Error) => void, { code, path, details }: FailedMessage): void {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    // What failed here is no request: there is no id of one to report, but what the service wrote.
    const isKnown = code in errorRegistry && code !== 'api.internal';
    const known = isKnown ? (code as ErrorCode) : 'start.step_failed';
    reject(
      new WatchpostError(known, {
        ...(path ? { path } : {}),
        details: { service: this.#options.name, ...details },
      }),
    );
  }

  #spawn(): ChildProcess {
    const { entry, args, nodeOptions, logger, name, environment, variables, input } = this.#options;
    const { readyMs = startPolicy.readyWithinMs } = this.#options;
    const child = fork(entry, [...args], {
      env: environment ?? { ...variables, ...environmentOfServices() },
      execArgv: [...nodeFlags, ...(nodeOptions ?? [])],
      // Our standard output belongs to what people and programs asked for; logs go beside it.
      stdio: [input === undefined ? 'ignore' : 'pipe', 2, 2, 'ipc'],
      // Ctrl-C reaches the whole terminal group; we alone decide who stops when.
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    this.#overdue = false;
    const overdue = setTimeout(() => {
      this.#overdue = true;
      logger.error({ service: name, readyMs }, 'service was not ready in time');
      child.kill('SIGKILL');
    }, readyMs);
    // One that dies before it has read closes the pipe; its exit says so.
    child.stdin?.on('error', () => undefined).end(input);
    child.on('message', (message) => {
      if (isStartMessage(message)) clearTimeout(overdue);
      if (isStartMessage(message) && message.ready) {
        this.#restartMs = startPolicy.restart.firstMs;
        this.#became('ok');
        this.#settle();
      }
      const health = healthIn(message);
      if (health) this.#options.onHealth?.(health);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(overdue);
      this.#became('down');
      if (this.#stopping) return;
      if (this.#isRestarting) {
        this.#isRestarting = false;
        this.#spawn();
        return;
      }
      logger.error(
        { service: name, code, signal, restartInMs: this.#restartMs },
        'service ended, starting it again',
      );
      this.#restartTimer = setTimeout(() => this.#spawn(), this.#restartMs);
      this.#restartMs = Math.min(startPolicy.restart.longestMs, this.#restartMs * 2);
    });
    child.on('error', (error) =>
      logger.error({ service: name, error: error.message }, 'service process failed'),
    );
    return child;
  }

  #settle(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  #became(status: ServiceStatus): void {
    this.status = status;
    this.#options.onChange?.(status);
  }
}

/**
 * What services inherit. Settings that hold passwords reach only the service that needs them, in its
 * configuration file.
 */
function environmentOfServices(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, BROKER_URL: _broker, ...inherited } = process.env;
  return { WATCHPOST_LOG_LEVEL: 'warn', ...inherited };
}

import { readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type Logger, pino } from 'pino';
import { endWithParent } from './end-with-parent.ts';
import { serviceLimits } from './policy.ts';
import { guardProcess } from './process-guard.ts';

/** What runs. */
export interface RunningService {
  /** Stops everything; what is in flight ends first. */
  stop(): Promise<void>;
}

/** A service as a process of its own. */
export interface ServiceProgram<Config, Service extends RunningService> {
  /** In the log. */
  readonly name: string;
  /**
   * Reads the JSON of the configuration file; paths in it are relative to the file.
   * @throws WatchpostError `config.invalid` with the path of the setting
   */
  readonly parse: (value: unknown, file: string) => Config;
  /** Starts; nothing is left running when it throws. */
  readonly start: (config: Config, logger: Logger) => Promise<Service>;
  /** Takes the configuration file again at SIGHUP; without it SIGHUP stops. */
  readonly reload?: (service: Service, config: Config) => void | Promise<void>;
  /** What whoever started us needs to know besides `ready`, such as ports. */
  readonly announce?: (service: Service) => Readonly<Record<string, unknown>>;
  /** By default WATCHPOST_LOG_LEVEL, else `info`. */
  readonly logLevel?: (config: Config) => string;
  readonly stopMs?: number;
}

function readConfig<Config>(file: string | undefined, parse: ServiceProgram<Config, never>['parse']): Config {
  if (!file) throw new WatchpostError('config.invalid', { details: { expected: 'the path of a JSON file' } });
  let value: unknown;
  try {
    // `-` is standard input: for a configuration that must be in no file.
    value = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch {
    // The cause may quote what stands in the file.
    throw new WatchpostError('config.invalid', { path: file, details: { expected: 'a file of JSON' } });
  }
  return parse(value, file);
}

/** Ends the process once the message has left, or at once when nobody listens. */
function sayAndExit(message: object, code: number): void {
  const end = () => process.exit(code);
  if (process.connected) process.send?.(message, undefined, undefined, end);
  else end();
  setTimeout(end, serviceLimits.cutShortMs);
}

function failed(logger: Logger, error: unknown): void {
  const known =
    error instanceof WatchpostError ? error : new WatchpostError('api.internal', { cause: error });
  const { code, message, path, details } = known;
  logger.fatal(error instanceof WatchpostError ? { code, path, details } : { err: error }, 'cannot start');
  sayAndExit({ ready: false, code, message, details, ...(path === undefined ? {} : { path }) }, 1);
}

/**
 * Runs a service until it is asked to stop: `node main.ts CONFIG.json`. Settles when it runs.
 *
 * Tells the parent `{ready: true}` and what `announce` adds, or
 * `{ready: false, code, message, path?, details}` and exits with 1. SIGTERM, SIGINT and the end of the parent
 * stop it, SIGHUP reloads the configuration. A stop that takes longer than `stopMs` exits with 1.
 */
export async function runService<Config, Service extends RunningService>(
  program: ServiceProgram<Config, Service>,
): Promise<void> {
  const { name, parse, start, reload, stopMs = serviceLimits.stopMs } = program;
  const file = process.argv[2];
  const levelByDefault = process.env.WATCHPOST_LOG_LEVEL ?? 'info';
  let logger = pino({ name, level: levelByDefault });
  let starting: Promise<Service> | undefined;
  let running: Service | undefined;
  let stopping = false;

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(running ? 1 : 0), running ? stopMs : serviceLimits.cutShortMs);
    Promise.resolve(starting)
      .then((service) => service?.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'stop failed');
          process.exit(1);
        },
      );
  };
  const readAgain = (service: Service): void => {
    Promise.resolve()
      .then(() => reload?.(service, readConfig(file, parse)))
      .catch((error: unknown) => logger.error({ err: error }, 'configuration not read again'));
  };
  guardProcess(logger);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    if (!reload) stop();
    else if (running) readAgain(running);
  });
  endWithParent(stop);

  try {
    const config = readConfig(file, parse);
    logger = pino({ name, level: program.logLevel?.(config) ?? levelByDefault });
    starting = start(config, logger);
    running = await starting;
  } catch (error) {
    if (stopping) process.exit(0);
    failed(logger, error);
    return;
  }
  process.send?.({ ...program.announce?.(running), ready: true });
}

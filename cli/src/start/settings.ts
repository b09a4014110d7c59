import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { isReadableOnTheWay, WatchpostError } from '@watchpost/contracts';

/** What `watchpost start` can be told through the environment. */
export interface Settings {
  /** Port of console and API; 0 = any free one. */
  readonly httpPort: number;
  /** Port of the broker; 0 = any free one. */
  readonly mqttPort: number;
  readonly dataFolder: string;
  /** A PostgreSQL server with TimescaleDB; the embedded store when undefined. */
  readonly databaseUrl: string | undefined;
  /** Another broker than ours. */
  readonly brokerUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings.
 * @throws WatchpostError `config.plain_credentials`, or `config.invalid` naming the variable, never its value where that may hold a password.
 */
export function readSettings(environment: Environment, workingFolder: string): Settings {
  return {
    httpPort: port(environment, 'WATCHPOST_HTTP_PORT', 8080),
    mqttPort: port(environment, 'WATCHPOST_MQTT_PORT', 1883),
    dataFolder: resolve(
      workingFolder,
      (environment.WATCHPOST_DATA || '.watchpost').replace(/^~(?=\/|$)/, homedir()),
    ),
    databaseUrl: url(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    brokerUrl: brokerUrl(environment),
  };
}

function port(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new WatchpostError('config.invalid', {
      path: `/${name}`,
      details: { expected: 'a port number 0–65535', found: text.slice(0, 40) },
    });
  }
  return Number(text);
}

/** Its password goes over the network: in the clear only when that is wanted. */
function brokerUrl(environment: Environment): string | undefined {
  const text = url(environment, 'BROKER_URL', ['mqtt:', 'tcp:', 'mqtts:']);
  const hasSecret = text !== undefined && new URL(text).password !== '';
  if (hasSecret && isReadableOnTheWay(text) && environment.BROKER_INSECURE !== '1')
    throw new WatchpostError('config.plain_credentials', { path: '/BROKER_INSECURE' });
  return text;
}

function url(environment: Environment, name: string, protocols: readonly string[]): string | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol) || new URL(text).hostname === '') {
    throw new WatchpostError('config.invalid', {
      path: `/${name}`,
      details: { expected: `${protocols[0]}//user:password@host:port/…` },
    });
  }
  return text;
}

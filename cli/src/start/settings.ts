import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ServerFile } from '@watchpost/contracts/site';
import { isReadableOnTheWay } from '@watchpost/service';
import type { SecretFolder } from '@watchpost/service/server-folder';

/** What a server is told: by its `server.yaml`, and by the environment, which comes first. */
export interface Settings {
  /** Where console and Node-RED listen. */
  readonly host: string;
  /** Port of console and API; 0 = any free one. */
  readonly httpPort: number;
  /** Port of Node-RED; 0 = any free one. */
  readonly flowsPort: number;
  /** The console’s address behind a reverse proxy, without a path. */
  readonly publicUrl: string | undefined;
  /** Node-RED’s address behind a reverse proxy, without a path. */
  readonly flowsUrl: string | undefined;
  /** Addresses or networks of the reverse proxies. */
  readonly trustedProxies: readonly string[];
  /** Port of the broker; 0 = any free one. */
  readonly mqttPort: number;
  readonly dataFolder: string;
  /** A PostgreSQL server with TimescaleDB; the embedded store when undefined. */
  readonly databaseUrl: string | undefined;
  /** Another broker than ours. */
  readonly brokerUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What of a server file is also a setting of the environment. */
export type ServerSettings = Omit<Settings, 'dataFolder' | 'brokerUrl'>;

/** Settings of a server file, with the address of its database. */
export function serverSettings(
  { listen, publicUrl, flowsUrl, trustedProxies, database }: ServerFile,
  secrets: Pick<SecretFolder, 'read'>,
): ServerSettings {
  return {
    host: listen.console.host,
    httpPort: listen.console.port,
    flowsPort: listen.flows.port,
    mqttPort: listen.mqtt.port,
    publicUrl,
    flowsUrl,
    trustedProxies,
    databaseUrl: database && secrets.read(database.secret),
  };
}

/** The folder that `WATCHPOST_DATA` names. */
export function dataFolderOf(environment: Environment, workingFolder: string): string {
  return resolve(
    workingFolder,
    (environment.WATCHPOST_DATA || '.watchpost').replace(/^~(?=\/|$)/, homedir()),
  );
}

/**
 * Reads the settings: from the environment what it says, from the server file the rest.
 * @throws WatchpostError `config.plain_credentials`, or `config.invalid` naming the variable, never its value
 *   where that may hold a password.
 */
export function readSettings(
  environment: Environment,
  workingFolder: string,
  server: ServerSettings,
): Settings {
  const httpPort = portOf(environment, 'WATCHPOST_HTTP_PORT', server.httpPort);
  return {
    host: server.host,
    httpPort,
    // Whoever takes any port for the console shall not stumble over a fixed one of Node-RED.
    flowsPort: portOf(environment, 'WATCHPOST_FLOWS_PORT', httpPort === 0 ? 0 : server.flowsPort),
    publicUrl: origin(environment, 'WATCHPOST_PUBLIC_URL') ?? server.publicUrl,
    flowsUrl: origin(environment, 'WATCHPOST_FLOWS_URL') ?? server.flowsUrl,
    trustedProxies: networks(environment, 'WATCHPOST_TRUSTED_PROXIES') ?? server.trustedProxies,
    mqttPort: portOf(environment, 'WATCHPOST_MQTT_PORT', server.mqttPort),
    dataFolder: dataFolderOf(environment, workingFolder),
    databaseUrl: url(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']) ?? server.databaseUrl,
    brokerUrl: brokerUrl(environment),
  };
}

/** A port that a variable names. @throws WatchpostError `config.invalid` */
export function portOf(environment: Environment, name: string, otherwise: number): number {
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

/** An address of http or https without a path, as browsers name an origin. */
function origin(environment: Environment, name: string): string | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const found = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !found ||
    !/^https?:$/.test(found.protocol) ||
    found.pathname !== '/' ||
    found.search ||
    found.username
  ) {
    throw new WatchpostError('config.invalid', {
      path: `/${name}`,
      details: { expected: 'https://host[:port] without a path' },
    });
  }
  return found.origin;
}

/** IP addresses and networks, separated by commas. */
function networks(environment: Environment, name: string): readonly string[] | undefined {
  const parts = (environment[name] ?? '').split(',').map((part) => part.trim());
  const found = parts.filter((part) => part !== '');
  if (found.length === 0) return undefined;
  for (const part of found) {
    const [address = '', bits] = part.split('/');
    const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (longest < 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= longest))) {
      throw new WatchpostError('config.invalid', {
        path: `/${name}`,
        details: { expected: '127.0.0.1,10.0.0.0/8', found: part.slice(0, 50) },
      });
    }
  }
  return found;
}

import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ServerFile, ServerTls } from '@watchpost/contracts/site';
import { isLoopbackHost, isReadableOnTheWay } from '@watchpost/service';
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
  /** Where gateways of other computers reach the broker; port 0 = any free one. */
  readonly gateways: { readonly host: string; readonly port: number };
  /** Where gateways of other computers reach the gateway door; port 0 = any free one. */
  readonly door: { readonly host: string; readonly port: number };
  /** Names and addresses of the server, the first for links. */
  readonly names: readonly string[];
  readonly tls: ServerTls;
  readonly dataFolder: string;
  /** A PostgreSQL server with TimescaleDB; the embedded store when undefined. */
  readonly databaseUrl: string | undefined;
  /** The migration at which the owner says to have a backup of the database server. */
  readonly backedUp: string | undefined;
  /** Another broker than ours. */
  readonly brokerUrl: string | undefined;
  /**
   * Name of a further alerting service of a server that runs elsewhere, on the same database and broker:
   * alerting with its console is all that runs here.
   */
  readonly service: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What of a server file is also a setting of the environment. */
export type ServerSettings = Omit<Settings, 'dataFolder' | 'brokerUrl' | 'backedUp' | 'service' | 'tls'> & {
  /** Undefined: as it fits to where the server listens. */
  readonly tls: ServerTls | undefined;
};

/** Settings of a server file, with the address of its database. */
export function serverSettings(
  { listen, publicUrl, flowsUrl, trustedProxies, database, names, tls }: ServerFile,
  secrets: Pick<SecretFolder, 'read'>,
): ServerSettings {
  return {
    host: listen.console.host,
    httpPort: listen.console.port,
    flowsPort: listen.flows.port,
    mqttPort: listen.mqtt.port,
    gateways: listen.gateways,
    door: { host: listen.gateways.host, port: listen.door.port },
    names,
    tls,
    publicUrl,
    flowsUrl,
    trustedProxies,
    databaseUrl: database && secrets.read(database.secret),
  };
}

/**
 * Where nobody says: TLS with a certificate of the server’s own, but not on this computer alone and not
 * behind a reverse proxy.
 */
export function usualTls({
  host,
  publicUrl,
  trustedProxies,
}: Pick<Settings, 'host' | 'publicUrl' | 'trustedProxies'>): ServerTls {
  const isBehindProxy = publicUrl?.startsWith('https:') === true && trustedProxies.length > 0;
  return isLoopbackHost(host) || isBehindProxy ? 'off' : 'own';
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Where people find what listens on a port beside the console, without a slash at the end. */
export function consoleAddress(
  { tls, host, names }: Pick<Settings, 'tls' | 'host' | 'names'>,
  port: number,
): string {
  const name = isAnyAddress(host) ? (names[0] ?? 'localhost') : tls === 'off' ? host : (names[0] ?? host);
  return `${tls === 'off' ? 'http' : 'https'}://${bracketed(name)}:${port}`;
}

/** Where gateways find the broker. */
export const gatewaysAddress = (
  { gateways: { host }, names }: Pick<Settings, 'gateways' | 'names'>,
  port: number,
): string => `mqtts://${bracketed(names[0] ?? (isAnyAddress(host) ? 'localhost' : host))}:${port}`;

/** Where gateways find the gateway door. */
export const doorAddress = (
  { door: { host }, names }: Pick<Settings, 'door' | 'names'>,
  port: number,
): string => `https://${bracketed(names[0] ?? (isAnyAddress(host) ? 'localhost' : host))}:${port}`;

/** The folder that `WATCHPOST_DATA` names, else `otherwise`. */
export function dataFolderOf(
  environment: Environment,
  workingFolder: string,
  otherwise = '.watchpost',
): string {
  return resolve(workingFolder, (environment.WATCHPOST_DATA || otherwise).replace(/^~(?=\/|$)/, homedir()));
}

/**
 * Reads the settings: from the environment what it says, from the server file the rest.
 * @throws WatchpostError `config.plain_credentials`, or `config.invalid` naming the variable, never its value
 *   where that may hold a password.
 */
export function readSettings(environment: Environment, dataFolder: string, server: ServerSettings): Settings {
  const httpPort = portOf(environment, 'WATCHPOST_HTTP_PORT', server.httpPort);
  const publicUrl = origin(environment, 'WATCHPOST_PUBLIC_URL') ?? server.publicUrl;
  const trustedProxies = networks(environment, 'WATCHPOST_TRUSTED_PROXIES') ?? server.trustedProxies;
  const databaseUrl = url(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']) ?? server.databaseUrl;
  const broker = brokerUrl(environment);
  return {
    host: server.host,
    httpPort,
    // Whoever takes any port for the console shall not stumble over a fixed one of Node-RED.
    flowsPort: portOf(environment, 'WATCHPOST_FLOWS_PORT', httpPort === 0 ? 0 : server.flowsPort),
    publicUrl,
    flowsUrl: origin(environment, 'WATCHPOST_FLOWS_URL') ?? server.flowsUrl,
    trustedProxies,
    mqttPort: portOf(environment, 'WATCHPOST_MQTT_PORT', server.mqttPort),
    gateways: { ...server.gateways, port: httpPort === 0 ? 0 : server.gateways.port },
    door: { ...server.door, port: httpPort === 0 ? 0 : server.door.port },
    names: server.names,
    tls: server.tls ?? usualTls({ host: server.host, publicUrl, trustedProxies }),
    dataFolder,
    databaseUrl,
    backedUp: environment.WATCHPOST_BACKED_UP || undefined,
    brokerUrl: broker,
    service: serviceName(environment, { DATABASE_URL: databaseUrl, BROKER_URL: broker }),
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

/** A further service has nothing of its own: it needs what it shares with the others. */
function serviceName(environment: Environment, shared: Environment): string | undefined {
  const name = environment.WATCHPOST_SERVICE;
  if (name === undefined || name === '') return undefined;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name) || name === 'alerting')
    throw new WatchpostError('config.invalid', {
      path: '/WATCHPOST_SERVICE',
      details: { expected: '1–32 letters, digits, _ and -; not “alerting”, the name of the first service' },
    });
  for (const [variable, value] of Object.entries(shared))
    if (value === undefined)
      throw new WatchpostError('config.invalid', {
        path: `/${variable}`,
        details: { expected: 'what the other services use, where WATCHPOST_SERVICE is set' },
      });
  return name;
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

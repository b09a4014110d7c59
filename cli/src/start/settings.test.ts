import { WatchpostError } from '@watchpost/contracts/errors';
import { serverFileSchema } from '@watchpost/contracts/site';
import { describe, expect, it } from 'vitest';
import { consoleAddress, dataFolderOf, readSettings as readWith, serverSettings } from './settings.ts';

const server = (file: object = {}) =>
  serverSettings(serverFileSchema.parse({ version: 1, ...file }), { read: (name) => `postgres://${name}/` });
const readSettings = (environment: Record<string, string>, folder: string) =>
  readWith(environment, dataFolderOf(environment, folder), server());

const refusal = (environment: Record<string, string>) => {
  try {
    readSettings(environment, '/here');
  } catch (error) {
    if (error instanceof WatchpostError) return error;
  }
  return undefined;
};

describe('settings from the environment', () => {
  it('have defaults, and an empty variable counts as none', () => {
    const defaults = {
      host: '127.0.0.1',
      httpPort: 8080,
      flowsPort: 1880,
      publicUrl: undefined,
      flowsUrl: undefined,
      trustedProxies: [],
      mqttPort: 1883,
      gateways: { host: '127.0.0.1', port: 8883 },
      door: { host: '127.0.0.1', port: 8884 },
      names: [],
      tls: 'off',
      dataFolder: '/here/.watchpost',
      databaseUrl: undefined,
      brokerUrl: undefined,
      service: undefined,
    };
    expect(readSettings({}, '/here')).toEqual(defaults);
    expect(
      readSettings(
        { WATCHPOST_HTTP_PORT: '', DATABASE_URL: '', BROKER_URL: '', WATCHPOST_DATA: '' },
        '/here',
      ),
    ).toEqual(defaults);
  });
  it('port 0 asks for any free port', () => {
    expect(readSettings({ WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0' }, '/here')).toMatchObject({
      httpPort: 0,
      // Node-RED follows the console.
      flowsPort: 0,
      mqttPort: 0,
    });
  });
  it('the public address is an origin, proxies are addresses or networks', () => {
    const environment = {
      WATCHPOST_PUBLIC_URL: 'https://watch.example/',
      WATCHPOST_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8',
    };
    expect(readSettings(environment, '/here')).toMatchObject({
      publicUrl: 'https://watch.example',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    });
  });
  it.each([
    'watch.example',
    'https://watch.example/console',
    'ftp://watch.example',
    'https://u:p@watch.example',
  ])('WATCHPOST_PUBLIC_URL cannot be %j', (value) => {
    expect(refusal({ WATCHPOST_PUBLIC_URL: value })).toMatchObject({ path: '/WATCHPOST_PUBLIC_URL' });
  });
  it.each(['proxy.example', '10.0.0.0/33', '10.0.0/8', '::1/129'])('no trusted proxy is %j', (value) => {
    expect(refusal({ WATCHPOST_TRUSTED_PROXIES: value })).toMatchObject({
      path: '/WATCHPOST_TRUSTED_PROXIES',
    });
  });
  it.each(['65536', '-1', '80a', '0x50', '1e3', ' 80', '８０'])('a port cannot be %j', (value) => {
    expect(refusal({ WATCHPOST_MQTT_PORT: value })).toMatchObject({
      code: 'config.invalid',
      path: '/WATCHPOST_MQTT_PORT',
    });
  });
  it.each(['mysql://h/db', 'localhost', 'postgres://'])('DATABASE_URL cannot be %j', (value) => {
    expect(refusal({ DATABASE_URL: value })).toMatchObject({ code: 'config.invalid', path: '/DATABASE_URL' });
  });
  it('a wrong URL is not repeated: it may hold a password', () => {
    const error = refusal({ BROKER_URL: 'http://user:geheim@host' });
    expect(error?.code).toBe('config.invalid');
    expect(JSON.stringify({ message: error?.message, details: error?.details })).not.toContain('geheim');
  });
});

describe('the password of another broker', () => {
  const far = 'mqtt://user:geheim@broker.example';
  it('does not leave this computer in the clear unless that is wanted', () => {
    expect(refusal({ BROKER_URL: far })).toMatchObject({
      code: 'config.plain_credentials',
      path: '/BROKER_INSECURE',
    });
    expect(readSettings({ BROKER_URL: far, BROKER_INSECURE: '1' }, '/here').brokerUrl).toBe(far);
  });
  it.each(['mqtts://user:geheim@broker.example', 'mqtt://user:geheim@127.0.0.1', 'mqtt://broker.example'])(
    'goes to %s',
    (url) => expect(readSettings({ BROKER_URL: url }, '/here').brokerUrl).toBe(url),
  );
  it('come from the server file where the environment says nothing', () => {
    const file = server({
      listen: { console: { host: '0.0.0.0', port: 443 }, flows: { port: 444 }, mqtt: { port: 445 } },
      publicUrl: 'https://watch.example',
      trustedProxies: ['10.0.0.0/8'],
      database: { secret: 'db' },
    });
    expect(readWith({}, '/here', file)).toMatchObject({
      host: '0.0.0.0',
      httpPort: 443,
      flowsPort: 444,
      mqttPort: 445,
      publicUrl: 'https://watch.example',
      trustedProxies: ['10.0.0.0/8'],
      databaseUrl: 'postgres://db/',
    });
    expect(
      readWith({ WATCHPOST_HTTP_PORT: '8443', DATABASE_URL: 'postgres://other/' }, '/here', file),
    ).toMatchObject({ httpPort: 8443, flowsPort: 444, databaseUrl: 'postgres://other/' });
  });
});

describe('a further alerting service', () => {
  const shared = { DATABASE_URL: 'postgres://db/', BROKER_URL: 'mqtts://broker.example' };
  it('has a name, and the database and broker of the others', () => {
    expect(readSettings({ ...shared, WATCHPOST_SERVICE: 'second' }, '/here').service).toBe('second');
    expect(readSettings(shared, '/here').service).toBeUndefined();
  });
  it.each(['DATABASE_URL', 'BROKER_URL'])('is refused without %s', (variable) => {
    const error = refusal({ ...shared, [variable]: '', WATCHPOST_SERVICE: 'second' });
    expect(error).toMatchObject({ code: 'config.invalid', path: `/${variable}` });
  });
  it.each(['alerting', 'a b', 'x'.repeat(33)])('cannot be called %s', (name) => {
    const error = refusal({ ...shared, WATCHPOST_SERVICE: name });
    expect(error).toMatchObject({ code: 'config.invalid', path: '/WATCHPOST_SERVICE' });
  });
});

describe('where people find the console', () => {
  const found = (file: object, environment: Record<string, string> = {}) => {
    const settings = readWith(environment, '/data', server(file));
    return consoleAddress(settings, 8443);
  };
  const open = { listen: { console: { host: '0.0.0.0' } } };
  it('is HTTPS wherever other computers reach it, under the first name', () => {
    expect(found({})).toBe('http://127.0.0.1:8443');
    expect(found({ tls: 'own', names: ['watch.example'] })).toBe('https://watch.example:8443');
    expect(found({ ...open, names: ['fd00::1'] })).toBe('https://[fd00::1]:8443');
    expect(found(open)).toBe('https://localhost:8443');
  });
  it('is plain HTTP behind a proxy of ours, or where the file says so', () => {
    const proxied = { WATCHPOST_PUBLIC_URL: 'https://watch.example', WATCHPOST_TRUSTED_PROXIES: '10.0.0.1' };
    expect(found(open, proxied)).toMatch(/^http:/);
    expect(found(open, { WATCHPOST_PUBLIC_URL: 'https://watch.example' })).toMatch(/^https:/);
    expect(found({ ...open, tls: 'off' })).toMatch(/^http:/);
  });
});

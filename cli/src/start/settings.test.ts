import { WatchpostError } from '@watchpost/contracts';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

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
      httpPort: 8080,
      mqttPort: 1883,
      dataFolder: '/here/.watchpost',
      databaseUrl: undefined,
      brokerUrl: undefined,
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
      mqttPort: 0,
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
});

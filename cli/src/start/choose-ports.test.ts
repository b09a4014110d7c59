import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choosePorts } from './choose-ports.ts';
import type { Settings } from './settings.ts';

let taken: Server;
let port: number;
beforeEach(async () => {
  vi.stubEnv('WATCHPOST_HTTP_PORT', undefined);
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  port = (taken.address() as { port: number }).port;
});
afterEach(() => {
  vi.unstubAllEnvs();
  taken.close();
});

const choose = (isDemo = false, more: Partial<Settings> = {}) => {
  const settings = { host: '127.0.0.1', httpPort: port, flowsPort: 0, mqttPort: 0, ...more } as Settings;
  return choosePorts({ ...settings, brokerUrl: undefined }, { isDemo, hasAuthority: false });
};

describe('a port that is taken', () => {
  it('is named where it is set: in the file of the server', async () => {
    const taken = { code: 'config.port_taken', path: '/listen/console/port', details: { port } };
    await expect(choose()).rejects.toMatchObject(taken);
  });
  it('or in the environment, which counts before it, and for the demo', async () => {
    await expect(choose(true)).rejects.toMatchObject({ path: '/WATCHPOST_HTTP_PORT' });
    vi.stubEnv('WATCHPOST_HTTP_PORT', String(port));
    await expect(choose()).rejects.toMatchObject({ path: '/WATCHPOST_HTTP_PORT' });
  });
});

it('an address that this computer does not have is said', async () => {
  // RFC 5737: for documentation.
  await expect(choose(false, { host: '192.0.2.1' })).rejects.toMatchObject({
    ...{ code: 'config.invalid', path: '/listen/console/port' },
    details: { host: '192.0.2.1', port, found: 'EADDRNOTAVAIL' },
  });
});

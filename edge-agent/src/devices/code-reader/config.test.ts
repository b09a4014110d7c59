import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles } from '@watchpost/hardware';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { parseEdgeAgentConfig } from '../../config.ts';
import { startEdgeAgent } from '../../start-edge-agent.ts';

const reader = { kind: 'code_reader', id: 'r1', zone: 'gate', profile: 'generic-code-reader' };
const parse = (device: object, more: object = {}) =>
  parseEdgeAgentConfig(
    {
      site: 's1',
      gateway: 'g1',
      dataFolder: 'data',
      broker: { url: 'mqtt://127.0.0.1:1' },
      devices: [{ ...reader, ...device }],
      ...more,
    },
    Date.now(),
  );

describe('the configuration of a code reader', () => {
  it('fills in what is usual', () => {
    expect(parse({ driver: 'serial', serial: { path: '/dev/ttyUSB0' } }).devices[0]).toMatchObject({
      serial: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
      line: {},
    });
    expect(parse({ driver: 'tcp', tcp: { listen: 9004, from: ['192.0.2.7'] } }).devices[0]).toMatchObject({
      tcp: { address: '127.0.0.1' },
    });
    expect(parse({ driver: 'simulator' }).devices[0]).toMatchObject({ simulator: { texts: [] } });
  });

  it.each([
    ['no port', { driver: 'serial' }, '/devices/0/serial'],
    ['an odd speed', { driver: 'serial', serial: { path: 'x', baud: 1 } }, '/devices/0/serial/baud'],
    ['an unknown driver', { driver: 'psychic' }, '/devices/0/driver'],
    ['a reader that anybody may be', { driver: 'tcp', tcp: { listen: 9004, from: [] } }, '/devices/0/tcp'],
    [
      'both directions',
      { driver: 'tcp', tcp: { host: 'a', port: 1, listen: 2, from: ['::1'] } },
      '/devices/0/tcp',
    ],
    [
      'an unknown encoding',
      { driver: 'tcp', tcp: { host: 'a', port: 1 }, line: { encoding: 'ebcdic' } },
      '/devices/0/line/encoding',
    ],
    [
      'another driver’s field',
      { driver: 'tcp', tcp: { host: 'a', port: 1 }, serial: { path: 'x' } },
      '/devices/0/serial',
    ],
  ])('is refused with %s', (_what, device, path) => {
    expect(() => parse(device)).toThrow(
      expect.objectContaining({ code: 'config.invalid', path: expect.stringMatching(`^${path}`) }),
    );
  });

  it('takes the keys that `pass rotate` prints', () => {
    const key = { kid: 'k1', alg: 'EdDSA', publicKey: 'A'.repeat(43), validUntil: 1_800_000_000_000 };
    const { passes } = parse({ driver: 'simulator' }, { passes: { issuers: [key] } });
    expect(passes).toMatchObject({ issuers: [key], countUses: true });
  });

  it('is refused at the start when the profile has no such driver', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-config-'));
    const profile = loadProfiles().get('generic-code-reader')!;
    const profiles = new Map([[profile.id, { ...profile, drivers: ['tcp' as const] }]]);
    const config = {
      ...parse({ driver: 'serial', serial: { path: '/dev/none' } }),
      dataFolder: join(folder, 'data'),
    };
    await expect(startEdgeAgent(config, { profiles, log: pino({ level: 'silent' }) })).rejects.toMatchObject({
      code: 'config.invalid',
      path: '/devices/0/profile',
    });
    rmSync(folder, { recursive: true });
  });
});

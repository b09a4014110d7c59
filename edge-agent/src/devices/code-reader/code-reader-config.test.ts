import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProfiles } from '@watchpost/hardware';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { parseEdgeAgentConfig } from '../../config.ts';
import { startEdgeAgent } from '../../start-edge-agent.ts';

const reader = { kind: 'code_reader', id: 'r1', zone: 'gate', profile: 'generic-code-reader' };
const parse = (connect: object, device: object = {}, more: object = {}) =>
  parseEdgeAgentConfig(
    {
      site: 's1',
      gateway: 'g1',
      dataFolder: 'data',
      broker: { url: 'mqtt://127.0.0.1:1' },
      devices: [{ ...reader, connect, ...device }],
      ...more,
    },
    Date.now(),
  );

describe('the configuration of a code reader', () => {
  it('fills in what is usual', () => {
    expect(parse({ driver: 'serial', path: '/dev/ttyUSB0' }).devices[0]).toMatchObject({
      connect: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
      line: {},
    });
    expect(parse({ driver: 'tcp-listen', port: 9004, from: ['192.0.2.7'] }).devices[0]).toMatchObject({
      connect: { address: '127.0.0.1' },
    });
    expect(parse({ driver: 'simulator' }).devices[0]).toMatchObject({ connect: { texts: [] } });
  });

  it.each([
    ['no port', { driver: 'serial' }, '/connect/path'],
    ['an odd speed', { driver: 'serial', path: 'x', baud: 1 }, '/connect/baud'],
    ['an unknown driver', { driver: 'psychic' }, '/connect/driver'],
    ['a reader that anybody may be', { driver: 'tcp-listen', port: 9004, from: [] }, '/connect/from'],
    ['both directions', { driver: 'tcp', host: 'a', port: 1, from: ['::1'] }, '/connect/from'],
    ['another driver’s field', { driver: 'tcp', host: 'a', port: 1, path: 'x' }, '/connect/path'],
  ])('is refused with %s', (_what, connect, path) => {
    expect(() => parse(connect)).toThrow(
      expect.objectContaining({ code: 'config.invalid', path: `/devices/0${path}` }),
    );
  });

  it('is refused with an unknown encoding', () => {
    expect(() => parse({ driver: 'tcp', host: 'a', port: 1 }, { line: { encoding: 'ebcdic' } })).toThrow(
      expect.objectContaining({ code: 'config.invalid', path: '/devices/0/line/encoding' }),
    );
  });

  it('takes the keys that `pass rotate` prints', () => {
    const key = { kid: 'k1', alg: 'EdDSA', publicKey: 'A'.repeat(43), validUntil: 1_800_000_000_000 };
    const { passes } = parse({ driver: 'simulator' }, {}, { passes: { issuers: [key] } });
    expect(passes).toMatchObject({ issuers: [key], countUses: true });
  });

  it('is refused at the start when the profile has no such driver', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-config-'));
    const profile = loadProfiles().get('generic-code-reader')!;
    const profiles = new Map([[profile.id, { ...profile, drivers: ['tcp' as const] }]]);
    const config = {
      ...parse({ driver: 'serial', path: '/dev/none' }),
      dataFolder: join(folder, 'data'),
    };
    await expect(startEdgeAgent(config, { profiles, log: pino({ level: 'silent' }) })).rejects.toMatchObject({
      code: 'config.invalid',
      path: '/devices/0/profile',
    });
    rmSync(folder, { recursive: true });
  });
});

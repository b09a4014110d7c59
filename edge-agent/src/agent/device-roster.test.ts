import { type Device, deviceSchema } from '@watchpost/contracts/site';
import type { DeviceId } from '@watchpost/contracts/wire';
import { loadProfiles } from '@watchpost/hardware';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { edgeAgentConfigSchema } from '../config.ts';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { DeviceRoster, type ToldDevices } from './device-roster.ts';
import { DeviceSet } from './device-set.ts';

const { devicesOff, passes, hooks, motion } = edgeAgentConfigSchema.shape;
const device = (id: string, more: object = {}): Device =>
  deviceSchema.parse({
    ...{ kind: 'smoke', id, zone: 'hall', profile: 'generic-smoke', connect: { driver: 'simulator' } },
    ...more,
  });
const reader = (id: string) =>
  device(id, { kind: 'code_reader', profile: 'generic-code-reader', connect: { driver: 'simulator' } });
const told = (devices: readonly Device[], more: Partial<ToldDevices> = {}): ToldDevices => ({
  devices: [...devices],
  devicesOff: devicesOff.parse({}),
  hooks: undefined,
  passes: passes.parse({}),
  motion: motion.parse({}),
  ...more,
});

let said: string[];
let set: DeviceSet;
let roster: DeviceRoster;
let prepare: () => Promise<void>;
beforeEach(() => {
  said = [];
  set = new DeviceSet();
  prepare = async () => undefined;
  roster = new DeviceRoster({
    devices: set,
    profiles: loadProfiles(),
    make: ({ device: { id, zone } }) => {
      if (zone === 'nowhere') throw new Error('cannot be made');
      return {
        health: new DeviceHealthRecord(
          id,
          () => 0,
          () => undefined,
        ),
        start: () => void said.push(`start ${id}`),
        stop: async () => void said.push(`stop ${id}`),
        restart: async () => undefined,
      };
    },
    prepare: () => prepare(),
    log: pino({ level: 'silent' }),
  });
});
const offOf = (id: string) => set.health.find((health) => health.device === (id as DeviceId))?.error;

describe('what a gateway is told anew', () => {
  it('touches no device whose part is the same', async () => {
    roster.begin(told([device('a'), device('b'), device('c')]));
    set.start();
    said = [];
    const changes = await roster.apply(told([device('a'), device('b', { zone: 'gate' }), device('d')]));
    expect(changes).toEqual({ kept: ['a'], changed: ['b'], added: ['d'], gone: ['c'] });
    expect(said).toEqual(['stop c', 'stop b', 'start b', 'start d']);
    expect(set.health.map(({ device: id }) => id).toSorted()).toEqual(['a', 'b', 'd']);
  });
  it('stops everything that stops before anything starts: a port may change hands', async () => {
    roster.begin(told([device('a'), device('b')]));
    said = [];
    await roster.apply(told([device('c'), device('b', { zone: 'gate' })]));
    expect(said.map((line) => line.split(' ')[0])).toEqual(['stop', 'stop', 'start', 'start']);
  });
  it('changes readers of codes where other passes count, and nothing else', async () => {
    roster.begin(told([device('a'), reader('r')]));
    const changes = await roster.apply(
      told([device('a'), reader('r')], { passes: passes.parse({ audience: 'north' }) }),
    );
    expect(changes).toMatchObject({ kept: ['a'], changed: ['r'] });
  });
  it('changes devices that call where the place that they call is another one', async () => {
    const connect = { driver: 'webhook', key: { secret: 'k' }, value: { pointer: '/v' } };
    const both = [device('a'), device('w', { connect })];
    roster.begin(told(both, { hooks: hooks.parse({ port: 9001 }) }));
    const changes = await roster.apply(told(both, { hooks: hooks.parse({ port: 9002 }) }));
    expect(changes).toMatchObject({ kept: ['a'], changed: ['w'] });
  });
  it('switches a device off that cannot be run, and the others go on', async () => {
    roster.begin(told([device('a')]));
    said = [];
    await roster.apply(
      told([device('a'), device('x', { profile: 'no-such' }), device('y', { zone: 'nowhere' })], {
        devicesOff: devicesOff.parse({ shown: ['z'], others: 1 }),
      }),
      [{ id: 'v', code: 'edge.device_part' }],
    );
    expect(said).toEqual([]);
    expect(['x', 'y', 'v'].map(offOf)).toEqual(Array(3).fill('edge.device_part'));
    expect(offOf('z')).toBe('edge.device_off');
    expect(offOf('a')).toBeUndefined();
    expect(set.hasOthersOff).toBe(true);
    await roster.apply(told([device('a'), device('x')]));
    expect(offOf('x')).toBeUndefined();
    expect(set.health).toHaveLength(2);
  });
  it('a camera whose faces cannot be looked for is off; sensors are not', async () => {
    prepare = () => Promise.reject(new Error('no models'));
    const assessment = {
      ...{ reference: 'r', approvedBy: 'a', approvedAt: '2026-01-01T00:00:00.000Z', notPrivate: true },
      noticeSign: { place: 'gate', checkedAt: '2026-01-01T00:00:00.000Z' },
    };
    const camera = device('cam', {
      ...{ kind: 'camera', profile: 'generic-camera', faces: true, assessment },
      connect: { driver: 'file', url: '/clip.mkv' },
    });
    await roster.apply(told([camera, device('a')]));
    expect(said).toEqual(['start a']);
    expect(offOf('cam')).toBe('edge.device_part');
  });
  it('comes one after the other, and not after the end', async () => {
    roster.begin(told([]));
    await Promise.all([
      roster.apply(told([device('a')])),
      roster.apply(told([device('b')])),
      roster.apply(told([device('a')])),
    ]);
    expect(said).toEqual(['start a', 'stop a', 'start b', 'stop b', 'start a']);
    await roster.close();
    await roster.apply(told([device('c')]));
    expect(said).toHaveLength(5);
  });
});

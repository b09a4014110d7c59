import { setTimeout as delay } from 'node:timers/promises';
import { loadProfiles } from '@watchpost/hardware';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { parseEdgeAgentConfig } from '../config.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import { noSeries } from '../testing/no-series.ts';
import { rightClock } from '../testing/right-clock.ts';
import { testConnections } from '../testing/test-connections.ts';
import { DeviceHealthRecord } from './device-health.ts';
import { type deviceKinds, makeDevice } from './registry.ts';
import type { RunningDevice } from './running-device.ts';

interface Example {
  readonly config: object;
  /** What makes its simulator speak, where it has one. */
  readonly action?: readonly [name: string, value?: number];
}

const simulated = { connect: { driver: 'simulator' } };
const examples: { readonly [K in keyof typeof deviceKinds]: Example } = {
  camera: {
    config: {
      profile: 'generic-camera',
      connect: { driver: 'file', url: '/nowhere/clip.mp4' },
      faces: false,
    },
  },
  code_reader: {
    config: { profile: 'generic-code-reader', connect: { driver: 'simulator', texts: ['WP1:ABC'] } },
    action: ['scan'],
  },
  door_contact: {
    config: { profile: 'generic-door-contact', ...simulated, openLongerThanMs: 0 },
    action: ['open'],
  },
  smoke: { config: { profile: 'generic-smoke', ...simulated }, action: ['alarm'] },
  temperature: { config: { profile: 'generic-temperature', ...simulated }, action: ['set', 60] },
};

function make(kind: keyof typeof deviceKinds) {
  const { config: entry } = examples[kind];
  const config = parseEdgeAgentConfig(
    {
      site: 'demo',
      gateway: 'gw',
      dataFolder: '/tmp/unused',
      broker: { url: 'mqtt://127.0.0.1:1' },
      devices: [{ id: 'd1', kind, zone: 'hall', ...entry }],
    },
    Date.now(),
  );
  const [device] = config.devices;
  const profile = device && loadProfiles().get(device.profile);
  if (!device || !profile) throw new Error(`no profile for ${kind}`);
  const taken: EventDraft[] = [];
  const health = new DeviceHealthRecord(device.id, Date.now, () => undefined);
  const running = makeDevice(device, profile, health, {
    config,
    log: pino({ level: 'silent' }),
    faces: Promise.resolve(null),
    clock: rightClock(),
    permit: () => ({ allowed: true }),
    revokedPasses: () => new Set(),
    passListExpired: () => false,
    secondFactor: () => ({ demanded: 'guard', met: false }),
    shared: testConnections(),
    redeem: null,
    series: noSeries,
    measured: () => undefined,
    take: (draft) => void taken.push(draft),
  });
  return { running, taken, health };
}

/** Lets its simulator do its action; nothing where it has none. */
const act = (running: RunningDevice, action: Example['action']) =>
  action && running.trigger?.(action[0], action[1]);

describe.each(Object.entries(examples))('a device of the kind %s', (name, { action }) => {
  const kind = name as keyof typeof deviceKinds;

  it('does nothing before it is started', async () => {
    const { taken, health } = make(kind);
    await delay(50);
    expect(taken).toEqual([]);
    expect(health.snapshot().status).not.toBe('ok');
  });

  it('starts although what it reads may not be there, and stops, twice', async () => {
    const { running } = make(kind);
    expect(() => running.start()).not.toThrow();
    await running.stop();
    await running.stop();
  });

  it.runIf(action)(
    'reports under its name and zone, again after a restart, and nothing after its stop',
    async () => {
      const { running, taken } = make(kind);
      running.start();
      act(running, action);
      await vi.waitUntil(() => taken.length > 0, 5000);
      expect(taken[0]).toMatchObject({
        device: 'd1',
        zone: 'hall',
        type: expect.stringMatching(/^watchpost\./),
      });
      await running.restart();
      await running.stop();
      const before = taken.length;
      try {
        act(running, action);
      } catch (error) {
        expect(error).toMatchObject({ code: 'wire.schema' });
      }
      await delay(50);
      expect(taken.length).toBe(before);
    },
  );
});

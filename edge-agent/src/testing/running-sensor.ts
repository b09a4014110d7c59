import type { Device } from '@watchpost/contracts/site';
import { loadProfiles } from '@watchpost/hardware';
import pino from 'pino';
import { DeviceSet } from '../agent/device-set.ts';
import { monotonicMs } from '../clock/boot-clock.ts';
import { parseEdgeAgentConfig } from '../config.ts';
import { DeviceHealthRecord } from '../devices/device-health.ts';
import { makeDevice } from '../devices/registry.ts';
import type { SharedConnections } from '../drivers/shared-connections.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { Sample } from '../outbox/telemetry-buffer.ts';
import { noSeries } from './no-series.ts';
import { rightClock } from './right-clock.ts';

/** A sensor as the agent runs it, and what came of it. */
export interface RunningSensor {
  readonly devices: DeviceSet;
  readonly health: DeviceHealthRecord;
  /** Every condition that it was in, in order. */
  readonly conditions: readonly string[];
  readonly taken: readonly EventDraft[];
  readonly measured: readonly Sample[];
  stop(): Promise<void>;
}

/**
 * Makes a sensor from its part of a configuration, and looks for its silence; not started. For tests only.
 */
export function runningSensor(entry: object, shared: SharedConnections, more: object = {}): RunningSensor {
  const config = parseEdgeAgentConfig(
    {
      ...{ site: 's1', gateway: 'g1', dataFolder: '/tmp/unused', broker: { url: 'mqtt://127.0.0.1:1' } },
      ...{ devices: [entry], ...more },
    },
    Date.now(),
  );
  const device = config.devices[0] as Device;
  const profile = loadProfiles().get(device.profile);
  if (!profile) throw new Error(`no profile ${device.profile}`);
  const conditions: string[] = [];
  const taken: EventDraft[] = [];
  const measured: Sample[] = [];
  const health: DeviceHealthRecord = new DeviceHealthRecord(device.id, monotonicMs, () => {
    conditions.push(health.snapshot().status);
  });
  const running = makeDevice(device, profile, health, {
    ...{ config, log: pino({ level: 'silent' }), faces: Promise.resolve(null), clock: rightClock() },
    permit: () => ({ allowed: true }),
    revokedPasses: () => new Set(),
    passListExpired: () => false,
    secondFactor: () => ({ demanded: 'guard', met: false }),
    redeem: null,
    series: noSeries,
    shared,
    measured: (sample) => void measured.push(sample),
    take: (draft) => void taken.push(draft),
  });
  const devices = new DeviceSet();
  devices.add(device.id, running);
  const looks = setInterval(() => devices.checkSilence(), 50);
  return {
    ...{ devices, health, conditions, taken, measured },
    stop: async () => {
      clearInterval(looks);
      await devices.stop();
    },
  };
}

import type { Device } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import type { EventDraft } from '../domain/event-draft.ts';
import { openReadings } from '../drivers/registry.ts';
import type { DeviceContext } from './device-context.ts';
import type { RunningDevice } from './running-device.ts';
import type { Sensor, SensorReports } from './sensor.ts';

/** A device whose values are read. */
export type SensorDevice = Exclude<Device, { kind: 'camera' | 'code_reader' }>;

/**
 * A sensor with the driver of its configuration: readings go in, findings and measurements come out under its
 * name and zone.
 */
export function sensorDevice(
  config: SensorDevice,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  context: DeviceContext,
  make: (reports: SensorReports) => Sensor,
): RunningDevice {
  const { id: device, zone } = config;
  const driver = openReadings(config.connect, { device, profile });
  const sensor = make({
    counted: (usable) => (usable ? health.read() : health.unreadable('edge.frame_unreadable')),
    measured: context.measured,
    report: (finding, capturedAtMs) =>
      context.take({ ...finding, device, zone, capturedAtMs } as EventDraft, health),
  });
  const start = () => {
    // Silence is normal for a device that only speaks on change: being switched on is its first sign of life.
    health.set('ok');
    void sensor.start?.();
    driver.start((reading) => sensor.read({ ...reading, timeMs: context.clock.siteTimeOf(reading.timeMs) }));
  };
  const stop = async () => {
    await driver.stop();
    sensor.stop();
  };
  return {
    health,
    silentAfterMs: profile.silentAfterMs,
    start,
    stop,
    restart: async () => {
      await stop();
      start();
    },
    ...(driver.trigger ? { trigger: driver.trigger } : {}),
  };
}

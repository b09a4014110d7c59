import type { HardwareProfile } from '@watchpost/hardware';
import { openReadings } from '../drivers/registry.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { DeviceContext } from './device-context.ts';
import type { DeviceHealthRecord } from './device-health.ts';
import type { RunningDevice } from './running-device.ts';
import type { Sensor, SensorReports } from './sensor.ts';
import type { SensorDevice } from './sensor-kind.ts';

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
  const { id: device, kind, zone } = config;
  const driver = openReadings(config.connect, { device, kind, profile, shared: context.shared });
  const silentAfterMs = config.silentAfterMs ?? driver.silentAfterMs ?? profile.silentAfterMs;
  // What was so before it was heard is judged, but it is no sign of life and no measurement of now.
  let kept = false;
  const sensor = make({
    counted: (usable) => {
      if (!usable) health.unreadable('edge.reading_unreadable');
      else if (!kept) health.read();
    },
    measured: (sample) => {
      if (!kept) context.measured(sample);
    },
    report: (finding, capturedAtMs) =>
      context.take({ ...finding, device, zone, capturedAtMs } as EventDraft, health),
  });
  const start = () => {
    health.set('starting');
    // Silence counts from here: a device that never says anything is lost too.
    health.heard();
    void sensor.start?.();
    driver.start({
      up: () => health.reached(),
      lost: (error) => health.set('lost', error),
      read: (reading) => {
        kept = reading.kept === true;
        sensor.read({ ...reading, timeMs: context.clock.siteTimeOf(reading.timeMs) });
      },
      alive: () => health.heard(),
      unreadable: (error) => health.unreadable(error),
      concern: (error) => health.concern(error),
      battery: (value, timeMs) =>
        context.measured({
          ...{ device, metric: 'battery', unit: '%EL', value },
          timeMs: context.clock.siteTimeOf(timeMs),
        }),
    });
  };
  const stop = async () => {
    await driver.stop();
    sensor.stop();
  };
  return {
    health,
    silentAfterMs,
    start,
    stop,
    restart: async () => {
      await stop();
      start();
    },
    ...(driver.trigger ? { trigger: driver.trigger } : {}),
  };
}

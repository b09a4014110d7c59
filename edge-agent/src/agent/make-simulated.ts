import { createSimulator, type HardwareProfile } from '@watchpost/hardware';
import type { DeviceConfig } from '../config.ts';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import type { EventDraft } from '../domain/event-draft.ts';
import { SensorSeries, type SeriesSurroundings } from '../sensors/sensor-series.ts';
import {
  doorStation,
  isProfileOf,
  type SensorReports,
  type SensorStation,
  smokeStation,
  temperatureStation,
} from '../sensors/sensor-station.ts';
import type { Sample } from '../sensors/telemetry-buffer.ts';
import type { DeviceSurroundings } from './make-camera.ts';
import type { RunningDevice } from './running-device.ts';

export type SimulatedConfig = Exclude<DeviceConfig, { kind: 'camera' | 'code_reader' }>;

/** What a simulated device needs of the agent. */
export type SimulatedSurroundings = DeviceSurroundings & {
  readonly series: SeriesSurroundings;
  measured(sample: Sample): void;
};

/** A sensor whose readings come from the simulator of its profile. */
export function makeSimulated(
  config: SimulatedConfig,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: SimulatedSurroundings,
): RunningDevice {
  const simulator = createSimulator(profile, { deviceId: config.id, plan: config.simulator });
  const station = makeStation(config, profile, health, around);
  const start = () => {
    // Silence is normal for a device that only speaks on change: being switched on is its first sign of life.
    health.set('ok');
    void station.start?.();
    simulator.start((reading) =>
      station.read({ ...reading, timeMs: around.clock.siteTimeOf(reading.timeMs) }),
    );
  };
  const stop = async () => {
    simulator.stop();
    station.stop();
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
    trigger: (action, value) => simulator.trigger(action, value),
  };
}

function makeStation(
  config: SimulatedConfig,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: SimulatedSurroundings,
): SensorStation {
  const { id: device, zone } = config;
  const counted = (usable: boolean) => (usable ? health.read() : health.unreadable('edge.frame_unreadable'));
  const reports: SensorReports = {
    counted,
    measured: around.measured,
    report: (finding, capturedAtMs) =>
      around.take({ ...finding, device, zone, capturedAtMs } as EventDraft, health),
  };
  if (config.kind === 'door_contact' && isProfileOf(profile, 'door_contact'))
    return doorStation(config, profile, reports);
  if (config.kind === 'temperature' && isProfileOf(profile, 'temperature'))
    return temperatureStation(
      config,
      profile,
      reports,
      new SensorSeries(`${device}/temperature`, config.series, health, around.series),
    );
  return smokeStation(reports);
}

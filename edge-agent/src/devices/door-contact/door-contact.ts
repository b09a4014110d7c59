import type { DeviceOf } from '@watchpost/contracts/site';
import type { ProfileOf } from '@watchpost/hardware';
import type { MakeDevice } from '../make-device.ts';
import { profileOf, type Sensor, type SensorReports } from '../sensor.ts';
import { sensorDevice } from '../sensor-device.ts';
import { SwitchMonitor } from '../switch-monitor.ts';

export const makeDoorContact: MakeDevice<'door_contact'> = (config, profile, health, context) =>
  sensorDevice(config, profile, health, context, (reports) =>
    doorContact(config, profileOf(profile, 'door_contact'), reports),
  );

/** Speaks when a door is opened, or when it stays open for longer than it may. */
function doorContact(
  config: DeviceOf<'door_contact'>,
  profile: ProfileOf<'door_contact'>,
  reports: SensorReports,
): Sensor {
  const openLongerThanMs = config.openLongerThanMs ?? profile.openLongerThanMs;
  const monitor = new SwitchMonitor('door');
  let timer: NodeJS.Timeout | null = null;
  const settle = (open: boolean, timeMs: number) => {
    const finding = monitor.observe(open);
    if (finding) reports.report(finding, timeMs);
  };
  const stop = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    read(reading) {
      if (reading.kind !== 'door') return reports.counted(false);
      const { open, timeMs, device } = reading;
      reports.counted(true);
      reports.measured({ device, metric: 'open', value: open, timeMs });
      if (!open || openLongerThanMs === 0) {
        stop();
        settle(open, timeMs);
      } else {
        timer ??= setTimeout(() => settle(true, timeMs + openLongerThanMs), openLongerThanMs);
      }
    },
    stop,
  };
}

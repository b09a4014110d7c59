import type { MakeDevice } from '../make-device.ts';
import type { Sensor, SensorReports } from '../sensor.ts';
import { sensorDevice } from '../sensor-device.ts';
import { SwitchMonitor } from '../switch-monitor.ts';

export const makeSmokeDetector: MakeDevice<'smoke'> = (config, profile, health, context) =>
  sensorDevice(config, profile, health, context, smokeDetector);

/** Speaks when smoke is there, and when it is gone. */
function smokeDetector(reports: SensorReports): Sensor {
  const monitor = new SwitchMonitor('smoke');
  return {
    read(reading) {
      if (reading.kind !== 'smoke') return reports.counted(false);
      const { alarm, timeMs, device } = reading;
      reports.counted(true);
      const finding = monitor.observe(alarm);
      if (finding) reports.report(finding, timeMs);
      reports.measured({ device, metric: 'smoke', value: alarm, timeMs });
    },
    stop: () => undefined,
  };
}

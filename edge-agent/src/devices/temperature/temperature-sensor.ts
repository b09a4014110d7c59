import type { DeviceOf } from '@watchpost/contracts/site';
import type { ProfileOf } from '@watchpost/hardware';
import type { MakeDevice } from '../make-device.ts';
import { profileOf, type Sensor, type SensorReports } from '../sensor.ts';
import { sensorDevice } from '../sensor-device.ts';
import { AnomalyMonitor } from './anomaly-monitor.ts';
import { LimitMonitor } from './limit-monitor.ts';
import { SensorSeries } from './sensor-series.ts';

export const makeTemperatureSensor: MakeDevice<'temperature'> = (config, profile, health, context) =>
  sensorDevice(config, profile, health, context, (reports) =>
    temperatureSensor(
      config,
      profileOf(profile, 'temperature'),
      reports,
      new SensorSeries(`${config.id}/temperature`, config.series, health, context.series),
    ),
  );

/** Speaks when limits are crossed and when the series is unusual; every usable reading is measured. */
function temperatureSensor(
  config: DeviceOf<'temperature'>,
  profile: ProfileOf<'temperature'>,
  reports: SensorReports,
  series: SensorSeries,
): Sensor {
  const { low = profile.limits.low, high = profile.limits.high } = config.limits ?? {};
  const hysteresis = config.limits?.hysteresis ?? profile.limits.hysteresis;
  const limits = new LimitMonitor({ low, high, hysteresis });
  const anomalies = new AnomalyMonitor();
  return {
    start: () => series.start(),
    read(reading) {
      if (reading.kind !== 'temperature') return reports.counted(false);
      const { celsius, timeMs, device } = reading;
      const usable = celsius >= profile.range.min && celsius <= profile.range.max;
      reports.counted(usable);
      const verdict = series.observe(timeMs, usable ? celsius : Number.NaN);
      const crossed = usable ? limits.observe(celsius) : null;
      if (crossed) reports.report(crossed, timeMs);
      const odd = anomalies.observe(timeMs, usable ? celsius : Number.NaN, verdict, limits.inAlarm);
      if (odd) reports.report(odd, timeMs);
      if (usable) reports.measured({ device, metric: 'temperature', unit: 'Cel', value: celsius, timeMs });
    },
    stop: () => series.stop(),
  };
}

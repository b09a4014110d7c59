import type { HardwareProfile, ProfileOf, Reading } from '@watchpost/hardware';
import type { DeviceConfigOf } from '../config.ts';
import { AnomalyJudge, type SensorFinding, SwitchJudge, TemperatureJudge } from '../domain/sensor-judge.ts';
import type { SensorSeries } from './sensor-series.ts';
import type { Sample } from './telemetry-buffer.ts';

/** What a sensor's station tells the agent. */
export interface SensorReports {
  report(finding: SensorFinding, capturedAtMs: number): void;
  measured(sample: Sample): void;
  /** The reading was good, or not usable. */
  counted(usable: boolean): void;
}

/** Turns the readings of one sensor into findings and measurements. Owns the timer of a door that stays open. */
export interface SensorStation {
  /** Takes up what an earlier run left, where there is anything. */
  start?(): Promise<void>;
  read(reading: Reading): void;
  stop(): void;
}

export function doorStation(
  config: DeviceConfigOf<'door_contact'>,
  profile: ProfileOf<'door_contact'>,
  reports: SensorReports,
): SensorStation {
  const openLongerThanMs = config.openLongerThanMs ?? profile.openLongerThanMs;
  const judge = new SwitchJudge('door');
  let timer: NodeJS.Timeout | null = null;
  const judgeAt = (open: boolean, timeMs: number) => {
    const finding = judge.observe(open);
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
        judgeAt(open, timeMs);
      } else {
        timer ??= setTimeout(() => judgeAt(true, timeMs + openLongerThanMs), openLongerThanMs);
      }
    },
    stop,
  };
}

export function smokeStation(reports: SensorReports): SensorStation {
  const judge = new SwitchJudge('smoke');
  return {
    read(reading) {
      if (reading.kind !== 'smoke') return reports.counted(false);
      const { alarm, timeMs, device } = reading;
      reports.counted(true);
      const finding = judge.observe(alarm);
      if (finding) reports.report(finding, timeMs);
      reports.measured({ device, metric: 'smoke', value: alarm, timeMs });
    },
    stop: () => undefined,
  };
}

export function temperatureStation(
  config: DeviceConfigOf<'temperature'>,
  profile: ProfileOf<'temperature'>,
  reports: SensorReports,
  series: SensorSeries,
): SensorStation {
  const { low = profile.limits.low, high = profile.limits.high } = config.limits ?? {};
  const hysteresis = config.limits?.hysteresis ?? profile.limits.hysteresis;
  const limits = new TemperatureJudge({ low, high, hysteresis });
  const anomalies = new AnomalyJudge();
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

/** Whether a profile is of the class that the device says it is. */
export function isProfileOf<K extends HardwareProfile['kind']>(
  profile: HardwareProfile | undefined,
  kind: K,
): profile is ProfileOf<K> {
  return profile?.kind === kind;
}

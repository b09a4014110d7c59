import type { HardwareProfile, ScanLine } from '@watchpost/hardware';
import type { DeviceConfig, DeviceConfigOf } from '../devices/device-config.ts';
import type { ReadingDriver } from './reading-driver.ts';
import { serialStream } from './serial/serial-stream.ts';
import { simulatedReadings } from './simulator/simulated-readings.ts';
import { simulatedScanner } from './simulator/simulated-scanner.ts';
import { StreamScanner } from './stream-scanner.ts';
import { tcpClientStream, tcpServerStream } from './tcp/tcp-stream.ts';
import type { TextScanner } from './text-scanner.ts';

type ReaderConfig = DeviceConfigOf<'code_reader'>;
type ReaderDriver = ReaderConfig['driver'];
type ConfigOf<C extends { readonly driver: string }, D extends C['driver']> = Extract<C, { driver: D }>;

/** What yields texts, by the name that the configuration gives it. */
const textDrivers: {
  readonly [D in ReaderDriver]: (
    config: ConfigOf<ReaderConfig, D>,
    profile: HardwareProfile,
    line: ScanLine,
  ) => TextScanner;
} = {
  simulator: ({ id, simulator }, profile, { maxChars }) => simulatedScanner(id, profile, simulator, maxChars),
  serial: ({ serial }, _profile, line) => new StreamScanner(serialStream(serial), line),
  tcp: ({ tcp }, _profile, line) =>
    new StreamScanner(
      'host' in tcp
        ? tcpClientStream(tcp.host, tcp.port)
        : tcpServerStream(tcp.listen, tcp.address, tcp.from),
      line,
    ),
};

/** The driver of a code reader; not started. */
export function openTexts<D extends ReaderDriver>(
  config: ConfigOf<ReaderConfig, D> & { readonly driver: D },
  profile: HardwareProfile,
  line: ScanLine,
): TextScanner {
  return textDrivers[config.driver](config, profile, line);
}

/** A device whose values are read. */
export type SensorConfig = Exclude<DeviceConfig, { kind: 'camera' | 'code_reader' }>;
type SensorDriver = SensorConfig['driver'];

/** What yields readings, by the name that the configuration gives it. */
const readingDrivers: {
  readonly [D in SensorDriver]: (
    config: SensorConfig & { readonly driver: D },
    profile: HardwareProfile,
  ) => ReadingDriver;
} = {
  simulator: ({ id, simulator }, profile) => simulatedReadings(id, profile, simulator),
};

/** The driver of a sensor; not started. */
export function openReadings(config: SensorConfig, profile: HardwareProfile): ReadingDriver {
  return readingDrivers[config.driver](config, profile);
}

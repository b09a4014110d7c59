import type { DeviceOf, ScanLine, SensorConnect } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import type { ReadingDriver } from './reading-driver.ts';
import { serialStream } from './serial/serial-stream.ts';
import { simulatedReadings } from './simulator/simulated-readings.ts';
import { simulatedScanner } from './simulator/simulated-scanner.ts';
import { StreamScanner } from './stream-scanner.ts';
import { tcpClientStream, tcpServerStream } from './tcp/tcp-stream.ts';
import type { TextScanner } from './text-scanner.ts';

type ReaderConnect = DeviceOf<'code_reader'>['connect'];
type ReaderDriver = ReaderConnect['driver'];

/** What a driver knows of its device besides how to reach it. */
export interface DriverTarget {
  readonly device: string;
  readonly profile: HardwareProfile;
}

/** What yields texts, by the name that `connect.driver` gives it. */
const textDrivers: {
  readonly [D in ReaderDriver]: (
    connect: Extract<ReaderConnect, { driver: D }>,
    target: DriverTarget,
    line: ScanLine,
  ) => TextScanner;
} = {
  simulator: ({ driver: _driver, ...plan }, { device, profile }, { maxChars }) =>
    simulatedScanner(device, profile, plan, maxChars),
  serial: (port, _target, line) => new StreamScanner(serialStream(port), line),
  tcp: ({ host, port }, _target, line) => new StreamScanner(tcpClientStream(host, port), line),
  'tcp-listen': ({ port, address, from }, _target, line) =>
    new StreamScanner(tcpServerStream(port, address, from), line),
};

/** The driver of a code reader; not started. */
export function openTexts<D extends ReaderDriver>(
  connect: Extract<ReaderConnect, { driver: D }> & { readonly driver: D },
  target: DriverTarget,
  line: ScanLine,
): TextScanner {
  return textDrivers[connect.driver](connect, target, line);
}

/** What yields readings, by the name that `connect.driver` gives it. */
const readingDrivers: {
  readonly [D in SensorConnect['driver']]: (
    connect: Extract<SensorConnect, { driver: D }>,
    target: DriverTarget,
  ) => ReadingDriver;
} = {
  simulator: ({ driver: _driver, ...plan }, { device, profile }) => simulatedReadings(device, profile, plan),
};

/** The driver of a sensor; not started. */
export function openReadings<D extends SensorConnect['driver']>(
  connect: Extract<SensorConnect, { driver: D }> & { readonly driver: D },
  target: DriverTarget,
): ReadingDriver {
  return readingDrivers[connect.driver](connect, target);
}

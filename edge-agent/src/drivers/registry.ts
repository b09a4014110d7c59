import type { DeviceOf, ScanLine, SensorConnect } from '@watchpost/contracts/site';
import type { DriverTarget } from './driver-target.ts';
import { modbusReadings } from './modbus-tcp/modbus-readings.ts';
import { mqttJsonReadings } from './mqtt-json/mqtt-json-readings.ts';
import type { ReadingDriver } from './reading-driver.ts';
import { serialStream } from './serial/serial-stream.ts';
import { simulatedReadings } from './simulator/simulated-readings.ts';
import { simulatedScanner } from './simulator/simulated-scanner.ts';
import { StreamScanner } from './stream-scanner.ts';
import { tcpClientStream, tcpServerStream } from './tcp/tcp-stream.ts';
import type { TextScanner } from './text-scanner.ts';
import { webhookReadings } from './webhook/webhook-readings.ts';
import { zigbeeReadings } from './zigbee2mqtt/zigbee-readings.ts';

type ReaderConnect = DeviceOf<'code_reader'>['connect'];
type ReaderDriver = ReaderConnect['driver'];

/** What the driver of a code reader knows of it. */
type ReaderTarget = Pick<DriverTarget, 'device' | 'profile'>;

/** What yields texts, by the name that `connect.driver` gives it. */
const textDrivers: {
  readonly [D in ReaderDriver]: (
    connect: Extract<ReaderConnect, { driver: D }>,
    target: ReaderTarget,
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
  target: ReaderTarget,
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
  'mqtt-json': mqttJsonReadings,
  zigbee2mqtt: zigbeeReadings,
  webhook: webhookReadings,
  'modbus-tcp': modbusReadings,
};

/** The driver of a sensor; not started. */
export function openReadings<D extends SensorConnect['driver']>(
  connect: Extract<SensorConnect, { driver: D }> & { readonly driver: D },
  target: DriverTarget,
): ReadingDriver {
  return readingDrivers[connect.driver](connect, target);
}

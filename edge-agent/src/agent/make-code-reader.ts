import type { HardwareProfile, ScanLine } from '@watchpost/hardware';
import type { DeviceConfigOf } from '../config.ts';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import { RateLimit } from '../domain/rate-limit.ts';
import { codePolicy } from '../policy.ts';
import { serialStream } from '../scanner/serial-stream.ts';
import { simulatedScanner } from '../scanner/simulated-scanner.ts';
import { StreamScanner } from '../scanner/stream-scanner.ts';
import { tcpClientStream, tcpServerStream } from '../scanner/tcp-stream.ts';
import type { TextScanner } from '../scanner/text-scanner.ts';
import { isProfileOf } from '../sensors/sensor-station.ts';
import { codeDeskOf, type DeviceSurroundings, judged } from './make-camera.ts';
import type { RunningDevice } from './running-device.ts';

/** A code reader with the driver of its configuration. Its scans take the same way as codes that cameras see. */
export function makeCodeReader(
  config: DeviceConfigOf<'code_reader'>,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: DeviceSurroundings,
): RunningDevice {
  const { id: device, zone } = config;
  const line = lineOf(config, profile);
  const scanner = makeScanner(config, profile, line);
  const desk = codeDeskOf(config.audience, codePolicy.readerHoldMs, around);
  health.reportUnknownCodes(() => desk.unknownCodes);
  health.reportHeldBack(() => desk.heldBack);
  const rate = new RateLimit(codePolicy.scansPerSecond, 1000);
  const start = () =>
    scanner.start({
      up: () => health.set('ok'),
      lost: () => health.set('lost', 'edge.source_lost'),
      unreadable: () => health.unreadable('edge.scan_unreadable'),
      scanned: (text, scannedAtMs) => {
        const timeMs = around.clock.siteTimeOf(scannedAtMs);
        if (!rate.allows(timeMs)) return health.unreadable('edge.scan_unreadable');
        health.read();
        const finding = judged(desk, { text }, timeMs, health, around.log);
        if (finding) around.take({ ...finding, device, zone, capturedAtMs: timeMs }, health);
      },
    });
  return {
    health,
    silentAfterMs: profile.silentAfterMs,
    start,
    stop: () => scanner.stop(),
    restart: async () => {
      await scanner.stop();
      start();
    },
    ...(scanner.trigger ? { trigger: scanner.trigger } : {}),
  };
}

function lineOf(config: DeviceConfigOf<'code_reader'>, profile: HardwareProfile): ScanLine {
  if (!isProfileOf(profile, 'code_reader')) throw new Error(`profile ${profile.id} is no code reader`);
  return config.driver === 'simulator' ? profile.line : ({ ...profile.line, ...config.line } as ScanLine);
}

function makeScanner(
  config: DeviceConfigOf<'code_reader'>,
  profile: HardwareProfile,
  line: ScanLine,
): TextScanner {
  switch (config.driver) {
    case 'simulator':
      return simulatedScanner(config.id, profile, config.simulator, line.maxChars);
    case 'serial':
      return new StreamScanner(serialStream(config.serial), line);
    case 'tcp': {
      const { tcp } = config;
      const open =
        'host' in tcp
          ? tcpClientStream(tcp.host, tcp.port)
          : tcpServerStream(tcp.listen, tcp.address, tcp.from);
      return new StreamScanner(open, line);
    }
  }
}

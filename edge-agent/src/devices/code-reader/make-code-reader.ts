import type { DeviceOf, ScanLine } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import { openTexts } from '../../drivers/registry.ts';
import { codePolicy } from '../../policy.ts';
import { codeHandlerOf, judged } from '../../recognition/device-codes.ts';
import type { DeviceContext } from '../device-context.ts';
import type { DeviceHealthRecord } from '../device-health.ts';
import { RateLimit } from '../rate-limit.ts';
import type { RunningDevice } from '../running-device.ts';
import { isProfileOf } from '../sensor.ts';

/**
 * A code reader with the driver of its configuration. Its scans take the same way as codes that cameras see.
 */
export function makeCodeReader(
  config: DeviceOf<'code_reader'>,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  context: DeviceContext,
): RunningDevice {
  const { id: device, zone } = config;
  const line = lineOf(config, profile);
  const scanner = openTexts(config.connect, { device, profile }, line);
  const handler = codeHandlerOf(config.audience, codePolicy.readerHoldMs, context);
  health.reportUnknownCodes(() => handler.unknownCodes);
  health.reportHeldBack(() => handler.heldBack);
  const rate = new RateLimit(codePolicy.scansPerSecond, 1000);
  const start = () =>
    scanner.start({
      up: () => health.set('ok'),
      lost: () => health.set('lost', 'edge.source_lost'),
      unreadable: () => health.unreadable('edge.scan_unreadable'),
      scanned: (text, scannedAtMs) => {
        const timeMs = context.clock.siteTimeOf(scannedAtMs);
        if (!rate.allows(timeMs)) return health.unreadable('edge.scan_unreadable');
        health.read();
        void judged(handler, { text }, timeMs, health, context.log).then((finding) => {
          if (finding) context.take({ ...finding, device, zone, capturedAtMs: timeMs }, health);
        });
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

function lineOf(config: DeviceOf<'code_reader'>, profile: HardwareProfile): ScanLine {
  if (!isProfileOf(profile, 'code_reader')) throw new Error(`profile ${profile.id} is no code reader`);
  return { ...profile.line, ...config.line } as ScanLine;
}

import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';
import { demoSite } from './demo-site.ts';
import type { DemoFiles } from './prepare-demo.ts';

const minuteMs = 60_000;

/**
 * The demo’s one gateway: a camera on the clip, and four devices played by the simulators of their profiles.
 */
export function demoEdgeConfig(
  broker: EdgeAgentConfigInput['broker'],
  dataFolder: string,
  files: DemoFiles,
): EdgeAgentConfigInput {
  return {
    site: demoSite.id,
    gateway: 'gw-1',
    dataFolder,
    broker,
    gallery: { file: files.gallery, keysFile: files.galleryKeys },
    // The same pass is shown every minute, for weeks if need be.
    passes: { issuers: [...files.issuers], audience: 'gate', countUses: false },
    policy: { require: false },
    models: { minFrames: 3 },
    logLevel: 'warn',
    devices: [
      {
        kind: 'camera',
        id: 'gate-camera',
        zone: 'gate',
        profile: 'generic-camera',
        connect: { driver: 'file', url: files.clip, loop: true },
        analysisWidth: 640,
        fps: 8,
        assessment: {
          reference: 'demo: made-up assessment',
          approvedBy: 'demo: made-up approver',
          approvedAt: '2026-01-01T00:00:00.000Z',
          noticeSign: { place: 'demo: made-up sign at the gate', checkedAt: '2026-01-01T00:00:00.000Z' },
          notPrivate: true,
        },
      },
      {
        kind: 'code_reader',
        id: 'gate-reader',
        zone: 'gate',
        profile: 'generic-code-reader',
        connect: {
          driver: 'simulator',
          texts: [files.passes.valid],
          schedule: [{ atMs: 12_000, action: 'scan', value: 0 }],
          repeatMs: minuteMs,
        },
      },
      {
        kind: 'door_contact',
        id: 'server-door',
        zone: 'server-room',
        profile: 'generic-door-contact',
        connect: {
          driver: 'simulator',
          schedule: [
            { atMs: 20_000, action: 'open' },
            { atMs: 24_000, action: 'close' },
          ],
          repeatMs: 10 * minuteMs,
        },
      },
      {
        kind: 'smoke',
        id: 'server-smoke',
        zone: 'server-room',
        profile: 'generic-smoke',
        connect: {
          driver: 'simulator',
          schedule: [
            { atMs: 3000, action: 'alarm' },
            { atMs: 45_000, action: 'clear' },
          ],
          repeatMs: 15 * minuteMs,
        },
      },
      {
        kind: 'temperature',
        id: 'lobby-temperature',
        zone: 'lobby',
        profile: 'generic-temperature',
        connect: {
          driver: 'simulator',
          baseCel: 23,
          schedule: [
            { atMs: 60_000, action: 'set', value: 48 },
            { atMs: 90_000, action: 'release' },
          ],
          repeatMs: 20 * minuteMs,
        },
      },
    ],
  };
}

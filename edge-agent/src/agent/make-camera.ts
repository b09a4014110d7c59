import { WatchpostError } from '@watchpost/contracts/errors';
import type { HardwareProfile } from '@watchpost/hardware';
import type { IssuerPublicKey } from '@watchpost/passes';
import type { Logger } from 'pino';
import { CameraSource } from '../camera/camera-source.ts';
import { decoderOrder } from '../camera/decoder-order.ts';
import { cameraPolicy } from '../camera/policy.ts';
import { tamperDraft } from '../camera/tamper-draft.ts';
import { TamperFile } from '../camera/tamper-file.ts';
import { TamperWatch } from '../camera/tamper-watch.ts';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { DeviceConfigOf, EdgeAgentConfig } from '../config.ts';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import type { EventDraft } from '../domain/event-draft.ts';
import type { MatchingPermit } from '../domain/matching-permit.ts';
import { codePolicy } from '../policy.ts';
import { CameraDesk, draftOf } from '../recognition/camera-desk.ts';
import { CodeDesk, type CodeDeskOptions, type CodeFinding } from '../recognition/code-desk.ts';
import { FaceDesk, type FaceDeskOptions } from '../recognition/face-desk.ts';
import type { FaceRecognition } from '../recognition/open-face-recognition.ts';
import type { RunningDevice } from './running-device.ts';

/** What devices share. */
export interface DeviceSurroundings {
  readonly config: EdgeAgentConfig;
  readonly log: Logger;
  /** Settles when the models are loaded; null when no camera looks for faces. */
  readonly faces: Promise<FaceRecognition | null>;
  /** The server's time, as well as it is known; see `GatewayClock`. */
  readonly clock: Pick<GatewayClock, 'siteTimeOf' | 'nowMs' | 'isUnknown'>;
  permit(): MatchingPermit;
  /** What a match of the access list in `zone` needs besides the face, and whether it is there. */
  secondFactor(zone: string, atMs: number): ReturnType<FaceDeskOptions['secondFactor']>;
  revokedPasses(): ReadonlySet<string>;
  /** null when uses are not counted. */
  readonly redeem: CodeDeskOptions['redeem'];
  take(draft: EventDraft, health: DeviceHealthRecord): void;
}

export function makeCamera(
  config: DeviceConfigOf<'camera'>,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  around: DeviceSurroundings,
): RunningDevice {
  const { device, log } = { device: health.device, log: around.log };
  const tamper = new TamperWatch({
    limits: config.tamper,
    file: new TamperFile(around.config.dataFolder, device, log),
    onChange: (change) => around.take(tamperDraft(change, device, config.zone, around.clock.nowMs()), health),
    onStill: (code) => health.degrade(code),
  });
  const desk = openDesk(config, health, around, (thorough) => source.lookForCodes(thorough));
  // The agent’s own start says why; until a frame asks, nobody else listens here.
  desk.catch(() => undefined);
  const source = new CameraSource({
    order: () => decoderOrder(config),
    silentAfterMs: profile.silentAfterMs ?? cameraPolicy.silentAfterMs,
    health,
    log,
    onFrame: async (frame) => {
      tamper.picture(frame);
      await (await desk).work({ ...frame, capturedAt: around.clock.siteTimeOf(frame.capturedAt) });
    },
    onCodes: ({ capturedAt, codes }) =>
      void desk.then((ready) => ready.codesSeen({ capturedAt: around.clock.siteTimeOf(capturedAt), codes })),
    onEndOfFile: () => tamper.stop(),
  });
  return {
    health,
    start: () => {
      tamper.start();
      source.start();
    },
    stop: () => {
      tamper.stop();
      return source.stop();
    },
    restart: async () => source.restart(),
  };
}

async function openDesk(
  config: DeviceConfigOf<'camera'>,
  health: DeviceHealthRecord,
  around: DeviceSurroundings,
  lookForCodes: (thorough: boolean) => void,
): Promise<CameraDesk> {
  const { id: device, zone } = config;
  const recognition = config.faces ? await around.faces : null;
  const faces =
    recognition &&
    new FaceDesk({
      ...recognition,
      device,
      zone,
      minFrames: around.config.models.minFrames,
      minLiveness: around.config.models.minLiveness,
      secondFactor: (atMs) => around.secondFactor(zone, atMs),
    });
  if (faces) health.reportFaces(() => faces.report(around.clock.nowMs()));
  const desk = codeDeskOf(config.audience, codePolicy.cameraHoldMs, around);
  if (config.codes) health.reportUnknownCodes(() => desk.unknownCodes);
  health.reportHeldBack(() => desk.heldBack + (faces ? faces.heldBack : 0));
  return new CameraDesk({
    ...(faces ? { faces } : {}),
    ...(config.codes
      ? {
          codes: {
            desk: {
              inView: (atMs) => desk.inView(atMs),
              read: (text, atMs, partOf) => judged(desk, { text, partOf }, atMs, health, around.log),
            },
            look: lookForCodes,
          },
        }
      : {}),
    mayMatch: () => {
      if (!faces) return false;
      const permit = around.permit();
      if (!permit.allowed) health.degrade(permit.error);
      return permit.allowed;
    },
    report: (finding) => around.take(draftOf(finding, device, zone), health),
  });
}

/** What a code means; null too when it could not be judged, which is counted at the device and logged. */
export function judged(
  desk: CodeDesk,
  { text, partOf }: { readonly text: string; readonly partOf?: number | undefined },
  atMs: number,
  health: DeviceHealthRecord,
  log: Logger,
): CodeFinding | null {
  try {
    return desk.read(text, atMs, partOf);
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    health.unreadable(error.code);
    log.error({ device: health.device, code: error.code }, 'pass not judged');
    return null;
  }
}

/** The desk for codes shown to one device. */
export function codeDeskOf(
  audience: string | undefined,
  holdMs: number,
  {
    config,
    clock,
    revokedPasses,
    redeem,
  }: Pick<DeviceSurroundings, 'config' | 'clock' | 'revokedPasses' | 'redeem'>,
): CodeDesk {
  const issuers: IssuerPublicKey[] = config.passes.issuers.map(({ iss, validUntil, ...key }) => ({
    ...key,
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  }));
  const { clockSkewMs, plateDomain } = config.passes;
  const revoked = revokedPasses;
  return new CodeDesk({
    issuers,
    audience: audience ?? config.passes.audience,
    clockSkewMs,
    plateDomain,
    holdMs,
    timeUnknown: () => clock.isUnknown,
    revoked,
    redeem,
  });
}

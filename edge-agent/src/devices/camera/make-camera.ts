import { WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceOf } from '@watchpost/contracts/site';
import type { HardwareProfile } from '@watchpost/hardware';
import { CameraSource } from '../../camera/camera-source.ts';
import { decoderOrder } from '../../camera/decoder-order.ts';
import { NextStill } from '../../camera/next-still.ts';
import { cameraPolicy } from '../../camera/policy.ts';
import { codePolicy } from '../../policy.ts';
import { codeHandlerOf, judged } from '../../recognition/device-codes.ts';
import { FaceHandler } from '../../recognition/face-handler.ts';
import { draftOf, FrameHandler } from '../../recognition/frame-handler.ts';
import { LineCrossings } from '../../recognition/line-crossings.ts';
import { secretPlace } from '../../storage/secret-place.ts';
import { countSeen, type SeenCells, seenCells } from '../../tamper/cell-grid.ts';
import { CoveredLens } from '../../tamper/covered-lens.ts';
import { tamperDraft } from '../../tamper/tamper-draft.ts';
import { TamperFile } from '../../tamper/tamper-file.ts';
import { TamperWatch } from '../../tamper/tamper-watch.ts';
import type { DeviceContext } from '../device-context.ts';
import type { DeviceHealthRecord } from '../device-health.ts';
import type { RunningDevice } from '../running-device.ts';

export function makeCamera(
  config: DeviceOf<'camera'>,
  profile: HardwareProfile,
  health: DeviceHealthRecord,
  context: DeviceContext,
): RunningDevice {
  const { device, log } = { device: health.device, log: context.log };
  const seen = seenCells(config.masks?.map(({ outline }) => outline));
  if (seesTooLittle(config, context, seen)) health.concern('edge.camera_masked');
  // Of a site file `watchpost check` has said so.
  else if ((config.lines ?? config.areas)?.length && !config.faces)
    log.warn({ device }, 'lines and areas of a camera that looks for no faces notice nobody');
  const tamper = new TamperWatch({
    limits: config.tamper,
    seen,
    file: new TamperFile(context.config.dataFolder, device, log),
    onChange: (change) =>
      context.take(tamperDraft(change, device, config.zone, context.clock.nowMs()), health),
    onStill: (code) => health.degrade(code),
  });
  const still = new NextStill();
  const handler = openHandler(config, seen, health, context, (thorough) => source.lookForCodes(thorough));
  // The agent’s own start says why; until a frame asks, nobody else listens here.
  handler.catch(() => undefined);
  const source = new CameraSource({
    order: () => decoderOrder(config, (name) => secretPlace(context.config, name)),
    silentAfterMs: profile.silentAfterMs ?? cameraPolicy.silentAfterMs,
    health,
    log,
    onFrame: async (frame) => {
      tamper.picture(frame);
      still.picture(frame);
      await (await handler).work({ ...frame, capturedAt: context.clock.siteTimeOf(frame.capturedAt) });
    },
    onCodes: ({ capturedAt, codes }) =>
      void handler.then((ready) =>
        ready.codesSeen({ capturedAt: context.clock.siteTimeOf(capturedAt), codes }),
      ),
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
    still: () => stillOf(still, health),
  };
}

/** A picture, or what is wrong with the camera, also where that shows while somebody waits. */
async function stillOf(still: NextStill, health: DeviceHealthRecord): Promise<Buffer> {
  const refuseLost = () => {
    const lostBy = health.lostBy;
    if (lostBy !== undefined) throw new WatchpostError(lostBy);
  };
  refuseLost();
  try {
    return await still.take();
  } catch (error) {
    refuseLost();
    throw error;
  }
}

/** A mask that nobody meant must not silence a camera without a word. */
function seesTooLittle(
  { tamper }: DeviceOf<'camera'>,
  { config: { motion } }: DeviceContext,
  seen: SeenCells,
): boolean {
  const wouldMissCover = tamper.coveredAfterMs > 0 && !new CoveredLens(seen).canJudge;
  return wouldMissCover || countSeen(seen) < motion.cells;
}

async function openHandler(
  config: DeviceOf<'camera'>,
  seen: SeenCells,
  health: DeviceHealthRecord,
  context: DeviceContext,
  lookForCodes: (thorough: boolean) => void,
): Promise<FrameHandler> {
  const { id: device, zone } = config;
  const recognition = config.faces ? await context.faces : null;
  const faces =
    recognition &&
    new FaceHandler({
      ...recognition,
      device,
      zone,
      areas: config.areas,
      minFrames: context.config.models.minFrames,
      minLiveness: context.config.models.minLiveness,
      secondFactor: (place, atMs) => context.secondFactor(place, atMs),
    });
  if (faces) health.reportFaces(() => faces.report(context.clock.nowMs()));
  const handler = codeHandlerOf(config.audience, codePolicy.cameraHoldMs, context);
  if (config.codes) health.reportUnknownCodes(() => handler.unknownCodes);
  const lines = new LineCrossings(config.lines ?? []);
  health.reportHeldBack(() => handler.heldBack + (faces ? faces.heldBack : 0) + lines.heldBack);
  return new FrameHandler({
    ...{ motion: context.config.motion, seen, lines },
    ...(faces ? { faces } : {}),
    ...(config.codes
      ? {
          codes: {
            handler: {
              inView: (atMs) => handler.inView(atMs),
              read: (text, atMs, partOf) => judged(handler, { text, partOf }, atMs, health, context.log),
            },
            look: lookForCodes,
          },
        }
      : {}),
    mayMatch: () => {
      if (!faces) return false;
      const permit = context.permit();
      if (!permit.allowed) health.degrade(permit.error);
      return permit.allowed;
    },
    report: (finding) => context.take(draftOf(finding, device, zone), health),
  });
}

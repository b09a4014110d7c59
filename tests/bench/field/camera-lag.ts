import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { deviceSchemas } from '@watchpost/contracts/site';
import { deviceIdSchema } from '@watchpost/contracts/wire';
import { createFacePipeline, type FacePipeline, openModelSet } from '@watchpost/inference';
import pino from 'pino';
import { CameraSource } from '../../../edge-agent/src/camera/camera-source.ts';
import { DeviceHealthRecord } from '../../../edge-agent/src/devices/device-health.ts';
import type { CameraOrder, CameraWord } from './camera/camera-thread.ts';
import { clipMbitPerS, noiseClip, openNoiseClip } from './camera/noise-clip.ts';
import { readMark } from './camera/picture-mark.ts';
import type { FieldBench } from './field-bench.ts';

const settledAfterMs = 35_000;
/** How long it is looked at then, and how often; the worst counts. */
const lookMs = 5_000;
const lookEveryMs = 100;
const openWithinMs = 60_000;
const leastMbitPerS = 15;

/**
 * How far the gateway is behind a camera that sends more than it can decode: number of the picture that is
 * being sent less that of the picture judged last, in seconds. Judged means searched for faces and codes as
 * any camera's are.
 */
export const cameraLag: FieldBench = {
  name: 'camera-lag',
  figures: ['camera_lag_4k_s', 'camera_judged_4k_per_s'],
  run: async (say) => {
    const clip = await openNoiseClip(say);
    const mbitPerS = clipMbitPerS(clip);
    if (mbitPerS < leastMbitPerS) throw new Error(`the clip has ${mbitPerS.toFixed(1)} Mbit/s only`);
    const models = await openModelSet();
    const camera = await startCamera({ clip, fps: noiseClip.fps });
    const judging = judge(camera.url, createFacePipeline(models));
    try {
      await judging.first();
      await sleep(settledAfterMs);
      const [judgedFrom, from] = [judging.count(), performance.now()];
      const lags: number[] = [];
      while (performance.now() - from < lookMs) {
        lags.push((camera.sent() - judging.last()) / noiseClip.fps);
        await sleep(lookEveryMs);
      }
      const perS = ((judging.count() - judgedFrom) * 1000) / (performance.now() - from);
      say(`${mbitPerS.toFixed(1)} Mbit/s; health: ${JSON.stringify(judging.health())}`);
      return [
        { figure: 'camera_lag_4k_s', value: Math.max(...lags), unit: 's', n: lags.length },
        { figure: 'camera_judged_4k_per_s', value: perS, unit: '/s', n: judging.count() - judgedFrom },
      ];
    } finally {
      await judging.stop();
      await camera.stop();
      await models.close();
    }
  },
};

async function startCamera(order: CameraOrder) {
  const worker = new Worker(new URL('./camera/camera-thread.ts', import.meta.url), { workerData: order });
  let sent = 0;
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (word: CameraWord) => {
      if ('url' in word) resolve(word.url);
      else sent = word.sent;
    });
  });
  return { url, sent: () => sent, stop: () => worker.terminate() };
}

/** Reads the camera as a gateway does, with the settings that a camera has when nobody sets any. */
function judge(url: string, faces: FacePipeline) {
  const connect = { driver: 'rtsp', url };
  const config = deviceSchemas.camera.parse({
    kind: 'camera',
    id: 'cam',
    zone: 'hall',
    profile: 'rtsp',
    connect,
  });
  const health = new DeviceHealthRecord(deviceIdSchema.parse('cam'), Date.now, () => undefined);
  let [count, last] = [0, 0];
  const { analysisWidth, codesWidth, fps } = config;
  const source = new CameraSource({
    order: () => ({ url, loop: false, analysisWidth, codesWidth, fps, transport: 'auto' }),
    silentAfterMs: 30_000,
    health,
    log: pino({ level: 'silent' }),
    onFrame: async (frame) => {
      const mark = readMark(frame);
      source.lookForCodes(false);
      await faces.analyse(frame);
      last = after(last, mark);
      count++;
    },
  });
  source.start();
  return {
    count: () => count,
    last: () => last,
    health: () => health.snapshot(),
    first: async () => {
      const until = performance.now() + openWithinMs;
      while (count === 0) {
        if (performance.now() > until) throw new Error(`no picture: ${JSON.stringify(health.snapshot())}`);
        await sleep(20);
      }
    },
    stop: () => source.stop(),
  };
}

/**
 * The clip is played again and again: the number of the next picture, counted on. A whole round that was
 * missed makes the lag longer, never shorter.
 */
function after(last: number, mark: number): number {
  const { pictures } = noiseClip;
  return last + ((mark - (last % pictures) + pictures) % pictures);
}

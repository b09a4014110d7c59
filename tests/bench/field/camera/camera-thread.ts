import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { RtspServer } from '../../../../edge-agent/src/testing/rtsp/rtsp-server.ts';

/** What the thread is told. */
export interface CameraOrder {
  /** A bare H.265 byte stream. */
  readonly clip: string;
  readonly fps: number;
}

/** What the thread says: its address once, then the number of each picture when it is sent. */
export type CameraWord = { readonly url: string } | { readonly sent: number };

// A thread of its own: a camera does not wait because the gateway is busy.
const { clip, fps } = workerData as CameraOrder;
const say = (word: CameraWord) => parentPort?.postMessage(word);
const camera = new RtspServer({ onPicture: (_stream, sent) => say({ sent }) });
camera.streams.set('main', { codec: 'h265', bytes: readFileSync(clip), fps });
await camera.start();
say({ url: camera.url('main') });

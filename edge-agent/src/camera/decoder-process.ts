/**
 * One camera's decoder: a process of its own, so that a crash in the decoder costs one camera. Reads its order as the first line of
 * stdin; every further byte there asks for one frame. Frames and status go out on descriptor 3. Ends when stdin closes.
 */
import { Socket } from 'node:net';
import { Frame } from 'node-av/lib';
import { FilePacing, FrameLimit } from '../domain/frame-pacing.ts';
import { isStreamAddress } from '../stream-address.ts';
import { type DecoderOrder, type DecoderStatus, encodeFrameHeader, encodeStatus } from './frame-wire.ts';
import { PictureScaler } from './picture-scaler.ts';
import { VideoReader } from './video-reader.ts';

const out = new Socket({ fd: 3, readable: false, writable: true });
// The agent is gone: nobody is left to decode for.
out.on('error', () => process.exit(0));
// Ctrl-C in a terminal and a service manager's SIGTERM reach us too; the agent says when to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const reader = new VideoReader();
let decoded = 0;
let opened = false;
let asked = false;
let order: DecoderOrder | null = null;
let showLatest: (() => void) | null = null;

function say(more: Partial<DecoderStatus> = {}): void {
  out.write(encodeStatus({ opened, decoded, unreadable: reader.unreadable, ...more }));
}

/** Keeps the newest picture only; whoever asks gets that one at once, or the next. */
function offerPictures({ analysisWidth, fps }: DecoderOrder): (frame: Frame, capturedAt: number) => void {
  const limit = new FrameLimit(fps);
  const scaler = new PictureScaler(analysisWidth);
  const latest = new Frame();
  latest.alloc();
  let latestAt: number | null = null;

  function send(frame: Frame, capturedAt: number): void {
    const { width, height, data } = scaler.scale(frame);
    asked = false;
    latestAt = null;
    limit.took(capturedAt);
    out.write(encodeFrameHeader(width, height, capturedAt));
    // The scaler's buffer is written again no earlier than after the next request, which comes after this arrived.
    out.write(data);
  }

  showLatest = () => {
    if (latestAt !== null) send(latest, latestAt);
  };
  return (frame, capturedAt) => {
    if (!limit.allows(capturedAt)) return;
    if (asked) return send(frame, capturedAt);
    latest.unref();
    if (latest.ref(frame) >= 0) latestAt = capturedAt;
  };
}

async function play(current: DecoderOrder): Promise<void> {
  await reader.open(current.url);
  opened = true;
  say();
  const offer = offerPictures(current);
  const pacing = isStreamAddress(current.url) ? null : new FilePacing();
  for (;;) {
    const before = decoded;
    for await (const { frame, ptsMs } of reader.pictures()) {
      decoded++;
      let capturedAt = Date.now();
      if (pacing && Number.isFinite(ptsMs)) {
        capturedAt = Math.round(pacing.due(ptsMs, capturedAt));
        const waitMs = capturedAt - Date.now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
      offer(frame, capturedAt);
    }
    if (!pacing || decoded === before) return end('lost', 'the stream ended');
    if (!current.loop) return end('end_of_file');
    pacing.nextRound();
    await reader.rewind();
  }
}

function end(ended: 'end_of_file' | 'lost', detail?: string): void {
  say({ ended, ...(detail === undefined ? {} : { detail }) });
  out.end(() => process.exit(0));
}

setInterval(() => say(), 1000);

let line = '';
process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(0));
process.stdin.on('data', (text: string) => {
  if (order) {
    asked = true;
    showLatest?.();
    return;
  }
  line += text;
  const newline = line.indexOf('\n');
  if (newline < 0) return;
  order = JSON.parse(line.slice(0, newline)) as DecoderOrder;
  asked = line.length > newline + 1;
  play(order).catch((error: unknown) => end('lost', error instanceof Error ? error.message : 'unknown'));
});

/**
 * One camera's decoder: a process of its own, so that a crash in the decoder costs one camera. Reads its
 * order as the first line of stdin; every further byte there asks for something (`requests`). Pictures, codes
 * and status go out on descriptor 3. Ends when stdin closes.
 */
import { Socket } from 'node:net';
import { isStreamAddress } from '@watchpost/contracts/site/camera-address';
import type { Frame } from 'node-av/lib';
import { CodeSearch } from './code-search.ts';
import { FilePlayer } from './file-player.ts';
import {
  type DecoderOrder,
  type DecoderStatus,
  encodeCodes,
  encodeFrameHeader,
  encodeStatus,
  type Rotation,
  requests,
} from './frame-wire.ts';
import { LivePlayer } from './live-player.ts';
import { NewestPicture } from './newest-picture.ts';
import { openLive } from './open-live.ts';
import { PictureMask } from './picture-mask.ts';
import { PictureScaler } from './picture-scaler.ts';
import { maskPolicy } from './policy.ts';
import { SourceFailure } from './source-failure.ts';

const out = new Socket({ fd: 3, readable: false, writable: true });
// The agent is gone: nobody is left to decode for.
out.on('error', () => process.exit(0));
// Ctrl-C and the end of a process group reach us too; the agent says when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let opened = false;
let decoded = 0;
let lagMs: number | null = null;
let unreadable = () => 0;
let dropped = () => 0;
let newest: NewestPicture | null = null;
let codes: CodeSearch | null = null;
let rotation: Rotation = 0;

function say(more: Partial<DecoderStatus> = {}): void {
  out.write(encodeStatus({ opened, decoded, unreadable: unreadable(), dropped: dropped(), lagMs, ...more }));
}

function end(more: Pick<DecoderStatus, 'ended' | 'code' | 'shownCertificate'>): void {
  say(more);
  out.end(() => process.exit(0));
}

/** From our clock that never goes back to the wall clock as it is now. */
const wallTime = (takenMs: number) => Math.round(Date.now() - (performance.now() - takenMs));

async function play(order: DecoderOrder): Promise<void> {
  const scaler = new PictureScaler(order.analysisWidth);
  const mask = new PictureMask(order.masks ?? [], maskPolicy.scaledMargin);
  newest = new NewestPicture({
    fps: order.fps,
    scale: (frame) => {
      const picture = scaler.scale(frame, rotation);
      mask.blank(picture.data, picture.width, picture.height, 3);
      return picture;
    },
    send: ({ width, height, data }, takenMs) => {
      out.write(encodeFrameHeader(width, height, wallTime(takenMs)));
      // The scaler's buffer is written again no earlier than after the next request, which comes after this
      // arrived.
      out.write(data);
    },
  });
  codes = new CodeSearch(order.codesWidth, order.masks ?? []);
  const offer = (frame: Frame, takenMs: number) => {
    decoded++;
    newest?.offer(frame, takenMs);
  };
  const isOpen = (more: { rotation: Rotation; unreadable(): number }) => {
    opened = true;
    rotation = order.rotation ?? more.rotation;
    unreadable = () => more.unreadable();
    say();
  };
  if (!isStreamAddress(order.url)) {
    const file = await FilePlayer.open(order.url);
    isOpen(file);
    await file.play(order.loop, offer);
    return end({ ended: order.loop ? 'lost' : 'end_of_file' });
  }
  const { source, decoder, ...more } = await openLive(order);
  isOpen(more);
  const player = new LivePlayer({
    source,
    decoder,
    onPicture: (frame, takenMs) => {
      lagMs = Math.round(performance.now() - takenMs);
      offer(frame, takenMs);
    },
  });
  dropped = () => player.dropped;
  await player.play();
  end({ ended: 'lost', code: 'edge.source_lost' });
}

function request(byte: string): void {
  if (byte === requests.picture) newest?.ask();
  const sent = newest?.sent;
  if (byte === requests.picture || !sent || !codes) return;
  const capturedAt = wallTime(sent.takenMs);
  const found = codes.search(sent.frame, byte === requests.thoroughCodes, rotation);
  void found.then((codesSeen) => out.write(encodeCodes({ capturedAt, codes: codesSeen })));
}

setInterval(() => say(), 1000);

let line = '';
let ordered = false;
process.stdin.setEncoding('utf8');
process.stdin.on('end', () => process.exit(0));
process.stdin.on('data', (text: string) => {
  if (ordered) {
    for (const byte of text) request(byte);
    return;
  }
  line += text;
  const newline = line.indexOf('\n');
  if (newline < 0) return;
  ordered = true;
  play(JSON.parse(line.slice(0, newline)) as DecoderOrder).catch((error: unknown) => {
    const known = error instanceof SourceFailure;
    end({
      ended: 'lost',
      code: known ? error.code : 'edge.source_lost',
      ...(known ? { shownCertificate: error.shownCertificate } : {}),
    });
  });
  for (const byte of line.slice(newline + 1)) request(byte);
});

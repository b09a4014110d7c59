import type { ErrorCode } from '@watchpost/contracts/errors';
import {
  AV_LOG_WARNING,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import { FFmpegError, Log, PosixError } from 'node-av/lib';
import { cameraPolicy } from './policy.ts';
import { SourceFailure, statusFailure } from './source-failure.ts';

let lastStatus: number | null = null;
let begunMs = 0;

/**
 * FFmpeg’s results know a few statuses only; the number itself is in what it logs. Nothing else of its words
 * is looked at or kept: they may hold the address.
 */
export function watchStatuses(): void {
  Log.setCallback(
    (_level, message) => {
      const status = /^method [A-Z_]+ failed: (\d{3})/.exec(message)?.[1];
      if (status) lastStatus = Number(status);
    },
    { maxLevel: AV_LOG_WARNING },
  );
}

/** Before a new attempt. */
export function forgetStatus(): void {
  lastStatus = null;
  begunMs = performance.now();
}

/** What a failed call of FFmpeg means. `opening`: before the stream was opened. */
export async function ffmpegFailure(result: number, opening: boolean): Promise<SourceFailure> {
  // Log lines come through the event loop, after the result.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return new SourceFailure(codeOf(result, opening));
}

function codeOf(result: number, opening: boolean): ErrorCode {
  if (lastStatus !== null && lastStatus >= 400) return statusFailure(lastStatus);
  switch (result) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return 'edge.camera_password';
    case AVERROR_HTTP_FORBIDDEN:
      return 'edge.camera_forbidden';
    case AVERROR_HTTP_NOT_FOUND:
      return 'edge.camera_not_found';
    case AVERROR_HTTP_TOO_MANY_REQUESTS:
      return 'edge.camera_busy';
    case AVERROR_STREAM_NOT_FOUND:
      return 'edge.camera_no_video';
  }
  // ETIMEDOUT has no name in the binding.
  if (new FFmpegError(result).message.includes('timed out'))
    return opening ? 'edge.camera_silent' : 'edge.camera_no_picture';
  // In the middle of an answer FFmpeg reports its own deadline as bad data.
  const waited = performance.now() - begunMs >= 0.9 * cameraPolicy.answerMs;
  if (opening && (waited || result === FFmpegError.AVERROR(PosixError.EIO))) return 'edge.camera_silent';
  return opening ? 'edge.camera_protocol' : 'edge.source_lost';
}

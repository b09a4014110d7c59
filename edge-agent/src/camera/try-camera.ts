import type { ErrorCode } from '@watchpost/contracts/errors';
import { DecoderChild } from './decoder-child.ts';
import type { DecoderOrder, DecoderStatus } from './frame-wire.ts';

/**
 * Tries a camera once: a password that is wrong is not tried again.
 * @returns null when a picture came, or why none did. The picture is looked at by nobody.
 */
export function tryCamera(order: DecoderOrder, withinMs: number): Promise<ErrorCode | null> {
  return new Promise((resolve) => {
    let heard: DecoderStatus | undefined;
    const end = (result: ErrorCode | null) => {
      clearTimeout(overdue);
      resolve(result);
      child.kill();
    };
    const child = new DecoderChild(order, {
      onFrame: () => end(null),
      onCodes: () => undefined,
      onStatus: (status) => {
        heard = status;
        if (status.decoded > 0) end(null);
      },
      onGone: () => end(heard?.code ?? 'edge.source_lost'),
    });
    const overdue = setTimeout(
      () => end(heard?.opened ? 'edge.camera_no_picture' : 'edge.camera_silent'),
      withinMs,
    );
    child.ask('picture');
  });
}

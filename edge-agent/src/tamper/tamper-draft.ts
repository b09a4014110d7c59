import type { EventDraft } from '../outbox/event-draft.ts';
import type { TamperChange } from './tamper-detector.ts';

/** The event of a camera that stopped seeing, or sees again. @param nowMs milliseconds since the epoch */
export function tamperDraft(
  change: TamperChange,
  device: string,
  zone: EventDraft['zone'],
  nowMs: number,
): EventDraft {
  const { kind, reason } = change;
  const place = { device, zone, capturedAtMs: nowMs };
  if (change.change === 'ended')
    return {
      ...place,
      type: 'watchpost.tamper.cleared.v1',
      data: { kind, reason, durationMs: change.durationMs },
    };
  return kind === 'cover'
    ? { ...place, type: 'watchpost.tamper.cover.v1', data: { reason } }
    : { ...place, type: 'watchpost.tamper.video_loss.v1', data: { reason } };
}

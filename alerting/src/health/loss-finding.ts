import type { Site } from '@watchpost/contracts/site';
import type { SystemEvent, SystemEventType, WatchpostEvent } from '@watchpost/contracts/wire';
import type { EventPlace } from '../places/event-place.ts';

/** The name under which alerting itself speaks; no gateway of a site may have it. */
export const systemGateway = 'alerting' as Site['gateways'][number];

type LossData<T extends SystemEventType> = Extract<SystemEvent, { type: T }>['data'];
type VideoLossData = Extract<WatchpostEvent, { type: 'watchpost.tamper.video_loss.v1' }>['data'];

/** What was found out, about what, and where that is. */
export type Finding = { readonly place: EventPlace } & (
  | { readonly [T in SystemEventType]: { readonly type: T; readonly data: LossData<T> } }[SystemEventType]
  // The loss of a camera and that of its picture are one thing, whoever notices first.
  | { readonly type: 'watchpost.tamper.video_loss.v1'; readonly data: VideoLossData }
);

/** A loss: what {@link Finding} says when something goes, not when it is back. */
export type LossType = Exclude<
  Finding['type'],
  'watchpost.system.restored.v1' | 'watchpost.warning.received.v1' | 'watchpost.warning.ended.v1'
>;

import {
  type Canary,
  canaryType,
  type EventData,
  type EventType,
  type ZoneId,
} from '@watchpost/contracts/wire';

/** What happened, before the outbox gives it its place (`epoch`, `seq`) and its id. */
export type EventDraft = {
  readonly [T in EventType]: {
    readonly type: T;
    readonly device: string;
    readonly zone: ZoneId;
    /** Milliseconds since the Unix epoch, in site time (`GatewayClock.siteTimeOf`). */
    readonly capturedAtMs: number;
    readonly data: EventData<T>;
  };
}[EventType];

/** A canary before that: it concerns no zone, and its device is the gateway itself. */
export interface CanaryDraft {
  readonly type: typeof canaryType;
  readonly device: string;
  readonly capturedAtMs: number;
  readonly data: Canary['data'];
}

/** Whether an event overtakes the backlog: somebody should act on it now. */
export function isUrgent(draft: EventDraft | CanaryDraft): boolean {
  switch (draft.type) {
    case 'watchpost.face.candidate.v1':
      return draft.data.list === 'watch';
    case 'watchpost.sensor.alarm.v1':
      return draft.data.kind === 'smoke' || draft.data.kind === 'gas' || draft.data.kind === 'glass_break';
    // It shows that the way of what is urgent is free.
    case canaryType:
    case 'watchpost.pass.rejected.v1':
    case 'watchpost.panic.pressed.v1':
    case 'watchpost.tamper.cover.v1':
    case 'watchpost.tamper.video_loss.v1':
      return true;
    default:
      return false;
  }
}

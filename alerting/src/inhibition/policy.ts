import type { AlertEventType } from '@watchpost/contracts/alert';

/** What follows from a cause while that lasts, and is counted, shown and not told. */
export interface InhibitionRow {
  readonly cause: AlertEventType;
  /** How far it reaches: the whole site, or what hangs on the same gateway. */
  readonly reach: 'site' | 'gateway';
  readonly hides: readonly AlertEventType[];
}

/** What hangs on what, the furthest cause first. Danger to life is never among what is hidden: a test. */
export const inhibitions: readonly InhibitionRow[] = [
  {
    cause: 'watchpost.broker.lost.v1',
    reach: 'site',
    hides: ['watchpost.gateway.lost.v1', 'watchpost.device.lost.v1', 'watchpost.tamper.video_loss.v1'],
  },
  {
    cause: 'watchpost.gateway.lost.v1',
    reach: 'gateway',
    hides: ['watchpost.gateway.fault.v1', 'watchpost.device.lost.v1', 'watchpost.tamper.video_loss.v1'],
  },
];

/** Alerts that are judged in one step when a cause ends. */
export const inhibitionPolicy = { judgedAtOnce: 200 } as const;

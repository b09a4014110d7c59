import type { Risk } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';

/** An event that alerts at the end of the entry delay, unless somebody disarms before. */
export interface HeldEvent {
  readonly event: StoredEvent;
  readonly device: string;
  readonly groupKey: string;
  /** As of an armed area. */
  readonly risk: Risk;
  /** RFC 3339. */
  readonly receivedAt: string;
}

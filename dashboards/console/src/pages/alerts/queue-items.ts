import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';
import { type Attention, attentions, countIn } from '../../live/alert-order.ts';
import type { Queue } from '../../live/alert-queue.ts';

/** One line of the list as it is drawn. */
export type QueueItem =
  | { readonly kind: 'head'; readonly attention: Attention; readonly total: number }
  | { readonly kind: 'row'; readonly attention: Attention; readonly alert: Alert }
  /** `shown` of `total` are there; the rest comes when it is scrolled to. */
  | { readonly kind: 'rest'; readonly attention: Attention; readonly shown: number; readonly total: number };

/**
 * Heads, rows and what is cut off, from the most to the least pressing. A list that is empty has no head, but
 * the first.
 */
export function queueItems(
  queue: Queue,
  counts: AlertCounts | null,
  /** How many fit a filter; null where there is none. */
  totals: Readonly<Record<Attention, number>> | null = null,
): readonly QueueItem[] {
  return attentions.flatMap((attention): readonly QueueItem[] => {
    const { rows, next } = queue[attention];
    const counted = totals ? totals[attention] : counts ? countIn(attention, counts) : 0;
    // Counts come once a second, rows at once.
    const total = next === null ? rows.length : Math.max(rows.length, counted);
    if (total === 0 && attention !== 'waiting') return [];
    return [
      { kind: 'head', attention, total },
      ...rows.map((alert) => ({ kind: 'row', attention, alert }) as const),
      ...(total > rows.length ? [{ kind: 'rest', attention, shown: rows.length, total } as const] : []),
    ];
  });
}

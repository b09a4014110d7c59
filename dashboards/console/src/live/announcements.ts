import type { Alert } from '@watchpost/contracts/alert';
import { compareUrgency } from './alert-order.ts';

/** What the live region says next: the worst of what came, and how many more. */
export interface Announcement {
  readonly alert: Alert;
  readonly others: number;
  readonly urgent: boolean;
}

/** Sums up alerts that came within one breath, so that a burst is one sentence and not twenty. */
export function announce(news: readonly Alert[]): Announcement | null {
  const [worst] = [...news].sort(compareUrgency);
  if (!worst) return null;
  return { alert: worst, others: news.length - 1, urgent: worst.severity === 'critical' };
}

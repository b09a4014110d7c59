import type { Alert } from '@watchpost/contracts/alert';
import type { AlertAction } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useRef, useState } from 'react';
import type { Ask } from '../../../api/ask.ts';
import { newId } from '../../../api/new-id.ts';
import type { SiteWatch } from '../../../live/site-watch.ts';
import { apiQueryOf, type QueueFilter } from '../../../routes/queue-filter.ts';
import type { Picked } from '../picked.ts';

/** The server takes no more in one request. */
export const batchAtMost = 200;

/** An alert that was not changed, and the code of why. */
export interface Failure {
  readonly alert: Alert | undefined;
  readonly id: string;
  readonly code: string;
}

/** What takes an action back. */
export const inverseOf = { acknowledge: 'release', resolve: 'reopen', snooze: 'unsnooze' } as const;

type Watch = Pick<SiteWatch, 'accept' | 'known'>;

/** What was selected is acted on in one request, and what was refused is remembered. */
export function useBatch(ask: Ask, watch: Watch) {
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const failed = useRef<{ readonly id: string; readonly wish: string }>(undefined);
  const act = useCallback(
    async (action: AlertAction, alerts: readonly { readonly id: string; readonly version: number }[]) => {
      const wish = JSON.stringify([action, alerts]);
      // The same again after a lost answer happens once.
      const id = failed.current?.wish === wish ? failed.current.id : newId();
      failed.current = { id, wish };
      const answer = await call(ask, 'POST /alerts/batch', { body: { id, action, alerts } });
      failed.current = undefined;
      for (const alert of answer.done) watch.accept({ alert, transitions: [] });
      setFailures(answer.failed.map((one) => ({ ...one, alert: watch.known(one.id) })));
      return answer;
    },
    [ask, watch],
  );
  const forget = useCallback(() => setFailures([]), []);
  return { act, failures, forget };
}

/** The unresolved alerts that fit, from the most urgent on, so many as one request takes. */
export async function pickAll(
  ask: Ask,
  site: string | null,
  filter: QueueFilter,
): Promise<{ readonly picked: Picked; readonly total: number }> {
  const state = 'open,acknowledged,in_progress';
  const { alerts, total } = await call(ask, 'GET /alerts', {
    query: { ...apiQueryOf(filter), state, site, limit: batchAtMost },
  });
  return {
    picked: new Map(alerts.map(({ id, version }) => [id, version])),
    total: total ?? alerts.length,
  };
}

import type { Alert, AlertState } from '@watchpost/contracts/alert';
import { call } from '@watchpost/contracts/client';
import { useEffect, useRef } from 'react';
import { ApiProblem, type Ask } from '../../../api/ask.ts';
import { newId } from '../../../api/new-id.ts';
import type { SiteWatch } from '../../../live/site-watch.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import type { queueEn } from './texts-en.ts';
import { inverseOf } from './use-batch.ts';
import type { Undoable } from './use-undo.ts';

const doneBy: Partial<Readonly<Record<AlertState, 'acknowledge' | 'resolve'>>> = {
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

export interface OfferUndo {
  readonly ask: Ask;
  readonly watch: Pick<SiteWatch, 'accept'>;
  readonly offer: (undoable: Undoable) => void;
}

/** Offers to take back what was done with a single alert, where that can be. */
export function useOfferUndo(taken: Alert | null, { ask, watch, offer }: OfferUndo): void {
  const { t } = usePageTexts<typeof queueEn>();
  const say = useRef(t);
  say.current = t;
  useEffect(() => {
    const done = taken && doneBy[taken.state];
    if (!done) return;
    const { id, version } = taken;
    offer({
      said: say.current(`queue.done.${done}`, { count: 1 }),
      undo: async () => {
        const { done: changed, failed } = await call(ask, 'POST /alerts/batch', {
          body: { id: newId(), action: { do: inverseOf[done] }, alerts: [{ id, version }] },
        });
        for (const alert of changed) watch.accept({ alert, transitions: [] });
        const [refused] = failed;
        if (refused) throw new ApiProblem(refused.code, '', 409, { details: refused.details });
      },
    });
  }, [taken, ask, watch, offer]);
}

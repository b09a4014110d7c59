import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../../api/ask.ts';
import { newId } from '../../../api/new-id.ts';
import type { SiteWatch } from '../../../live/site-watch.ts';
import type { QueueFilter } from '../../../routes/queue-filter.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { useAction } from '../../../ui/use-action.ts';
import type { queueEn } from './texts-en.ts';
import type { Undoable } from './use-undo.ts';

export interface SeenLineProps {
  readonly ask: Ask;
  readonly watch: Pick<SiteWatch, 'reload' | 'unsee' | 'view'>;
  /** Null until the server has said so. */
  readonly unseen: number | null;
  readonly filter: QueueFilter;
  readonly onFilter: (filter: QueueFilter) => void;
  readonly offer: (undoable: Undoable) => void;
}

/** How many alerts are new to the person, and what marks all of them as seen. */
export function SeenLine({ ask, watch, unseen, filter, onFilter, offer }: SeenLineProps) {
  const { t } = usePageTexts<typeof queueEn>();
  const action = useAction();
  const markAll = () =>
    action.run(async () => {
      const id = newId();
      const { changed } = await call(ask, 'POST /alerts/seen', { body: { id } });
      await watch.reload();
      offer({
        said: t('queue.seenNow', { count: changed }),
        undo: async () => {
          await call(ask, 'POST /alerts/seen/undo', { body: { id } });
          watch.unsee([...watch.view().seen.keys()]);
          await watch.reload();
        },
      });
    });
  if (unseen === null || unseen === 0)
    return (
      <span className="muted" data-testid="nothing-new">
        {unseen === 0 ? t('queue.nothingNew') : ''}
      </span>
    );
  return (
    <>
      <button
        type="button"
        className="button button-quiet queue-new"
        aria-pressed={filter.fresh === 'yes'}
        data-testid="unseen"
        data-count={unseen}
        onClick={() => {
          const { fresh, ...rest } = filter;
          onFilter(fresh ? rest : { ...rest, fresh: 'yes' });
        }}
      >
        {t('queue.new', { count: unseen })}
      </button>
      <button
        type="button"
        className="button button-quiet"
        data-testid="all-seen"
        data-pending={action.busy || undefined}
        onClick={() => void markAll()}
      >
        {t('queue.allSeen')}
      </button>
      <span className="problem" role="alert" data-testid="queue-problem">
        {action.problem}
      </span>
    </>
  );
}

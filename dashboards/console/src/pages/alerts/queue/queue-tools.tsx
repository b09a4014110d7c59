import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Ask } from '../../../api/ask.ts';
import { attentions } from '../../../live/alert-order.ts';
import { recall, remember } from '../../../live/remembered.ts';
import type { SiteWatch } from '../../../live/site-watch.ts';
import { type QueueFilter, queryOf, wholeQueue } from '../../../routes/queue-filter.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import type { Picked } from '../picked.ts';
import { filterText } from './filter-text.ts';
import { QuietLine } from './quiet-line.tsx';
import { SeenLine } from './seen-line.tsx';
import type { queueEn } from './texts-en.ts';
import { UndoBar } from './undo-bar.tsx';
import { useOfferUndo } from './use-offer-undo.ts';
import { useUndo } from './use-undo.ts';
import { useUnseen } from './use-unseen.ts';

// Who only looks at the list loads neither.
const FilterPanel = lazy(async () => ({ default: (await import('./filter-panel.tsx')).FilterPanel }));
const BatchBar = lazy(async () => ({ default: (await import('./batch-bar.tsx')).BatchBar }));

export interface QueueToolsProps {
  readonly ask: Ask;
  readonly watch: Pick<SiteWatch, 'reload' | 'unsee' | 'view' | 'accept' | 'known'>;
  readonly account: string;
  readonly mayDecide: boolean;
  readonly seen: ReadonlyMap<string, number>;
  readonly counts: AlertCounts | null;
  readonly siteOf: (id: string) => Site | null;
  /** Of which site the list is; null for all. */
  readonly chosen: string | null;
  readonly sites: readonly string[];
  readonly filter: QueueFilter;
  readonly onFilter: (filter: QueueFilter) => void;
  /** Null while nothing is being selected. */
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked | null) => void;
  /** The alert that the person led on last, as it was then. */
  readonly taken: Alert | null;
}

/** How many unresolved alerts fit. */
function fitting(watch: QueueToolsProps['watch'], counts: AlertCounts | null): number {
  const { totals } = watch.view();
  if (totals) return totals.waiting + totals.in_work;
  return counts ? counts.byState.open + counts.byState.acknowledged + counts.byState.in_progress : 0;
}

/** What is done with the list as a whole: what is new, what is hidden, what is shown, what is selected. */
export function QueueTools(props: QueueToolsProps) {
  const { ask, watch, account, mayDecide, seen, counts, siteOf, chosen, sites } = props;
  const { filter, onFilter, picked, onPick, taken } = props;
  const texts = usePageTexts<typeof queueEn>();
  const { t } = texts;
  const unseen = useUnseen(ask, seen, counts);
  const { offer, ...undo } = useUndo();
  useOfferUndo(taken, { ask, watch, offer });
  const [isOpen, setOpen] = useState(false);
  const remembered = `filter.${account}`;
  const query = queryOf(filter);
  useEffect(() => {
    if (query !== '') remember(remembered, query);
  }, [query, remembered]);
  const only = chosen ?? (sites.length === 1 ? (sites[0] ?? null) : null);
  const site = only === null ? null : siteOf(only);
  const types = () => {
    const { queue } = watch.view();
    return attentions.flatMap((attention) => queue[attention].rows.map(({ eventType }) => eventType));
  };
  const last = recall(remembered);
  return (
    <section className="queue-tools" aria-label={t('queue.label')} data-testid="queue-tools">
      <p className="queue-line">
        <SeenLine {...{ ask, watch, unseen, filter, onFilter, offer }} />
        <span className="queue-switches">
          <button
            type="button"
            className="button button-quiet"
            aria-expanded={isOpen}
            data-testid="filter-open"
            onClick={() => setOpen(!isOpen)}
          >
            {t('queue.filter')}
          </button>
          {mayDecide && (
            <button
              type="button"
              className="button button-quiet"
              aria-pressed={picked !== null}
              data-testid="select"
              onClick={() => onPick(picked === null ? new Map() : null)}
            >
              {t(picked === null ? 'queue.select' : 'queue.end')}
            </button>
          )}
        </span>
      </p>
      {isOpen && (
        <Suspense>
          <FilterPanel
            key={query}
            {...{ filter, site, onFilter, types: types() }}
            last={last !== query ? last : null}
          />
        </Suspense>
      )}
      {query !== '' && (
        <p className="queue-line queue-shown" data-testid="filter-shown">
          <span>{t('queue.filterOn', { what: filterText(texts, site, filter) })}</span>
          <button
            type="button"
            className="button button-quiet"
            data-testid="filter-clear"
            onClick={() => onFilter(wholeQueue)}
          >
            {t('queue.clear')}
          </button>
        </p>
      )}
      {counts?.quiet && <QuietLine {...{ quiet: counts.quiet, filter, onFilter }} />}
      {picked !== null && (
        <Suspense>
          <BatchBar
            {...{ ask, watch, siteOf, chosen, filter, picked, onPick, offer }}
            several={sites.length > 1}
            total={fitting(watch, counts)}
          />
        </Suspense>
      )}
      <UndoBar {...undo} onEnd={() => offer(null)} />
    </section>
  );
}

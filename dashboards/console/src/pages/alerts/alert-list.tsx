import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { type Attention, attentions } from '../../live/alert-order.ts';
import type { Queue } from '../../live/alert-queue.ts';
import { isUnseen } from '../../live/unseen.ts';
import { useTexts } from '../../texts/texts.tsx';
import { LineSign, signPaths } from '../../ui/signs.tsx';
import { AlertRow } from './alert-row.tsx';
import { type Picked, pick } from './picked.ts';
import { type QueueItem, queueItems } from './queue-items.ts';
import { usePrinting } from './use-printing.ts';

/** Rows that are drawn beyond the edges of the list. */
const overscan = 8;
/** Heights before any was measured, CSS pixels. */
const guessedPx = { head: 40, row: 126, rest: 48 };

export interface AlertListProps {
  readonly queue: Queue;
  readonly counts: AlertCounts | null;
  /** How many fit a filter, in each list; null where nothing is left out. */
  readonly totals: Readonly<Record<Attention, number>> | null;
  /** Shows all again. */
  readonly onAll: () => void;
  readonly siteOf: (id: string) => Site | null;
  /** Whether each row names its site. */
  readonly several: boolean;
  readonly loaded: boolean;
  /** What stands above the list. */
  readonly tools: ReactNode;
  /** Up to which version the person has seen which alert. */
  readonly seen: ReadonlyMap<string, number>;
  /** The person. */
  readonly user: string;
  readonly selected: string | null;
  /** Alerts that are acted on together; null while nothing is being selected. */
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked) => void;
  readonly onSelect: (id: string) => void;
  /** The end of what is there is nearly on the screen. */
  readonly onMore: (attention: Attention) => void;
  /** The list is looked at from the top again. */
  readonly onTop: () => void;
}

const keyOf = (item: QueueItem): string =>
  item.kind === 'row' ? item.alert.id : `${item.kind} ${item.attention}`;

/** Which lines are drawn and where; all of them, in their own order, on paper. */
function useLines(items: readonly QueueItem[], active: number, printing: boolean) {
  const pane = useRef<HTMLElement>(null);
  // Rows are nearly all of one height: the last that was measured is the best guess for the next.
  const likelyPx = useRef({ ...guessedPx }).current;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => pane.current,
    estimateSize: (index) => likelyPx[items[index]?.kind ?? 'row'],
    getItemKey: (index) => {
      const item = items[index];
      return item ? keyOf(item) : index;
    },
    overscan,
    // Only what the browser reports after its own layout: asking for a height would make it lay out
    // everything on the spot.
    measureElement: (element, entry, list) => {
      const index = list.indexFromElement(element);
      const reported = entry?.borderBoxSize[0]?.blockSize;
      if (reported !== undefined) {
        likelyPx[items[index]?.kind ?? 'row'] = Math.round(reported);
        return Math.round(reported);
      }
      return list.itemSizeCache.get(list.options.getItemKey(index)) ?? list.options.estimateSize(index);
    },
    // What is measured is drawn with the next frame: at once would draw the whole list twice for each change.
    useFlushSync: false,
    // The row that has the focus, or that Tab reaches, stays though it is scrolled away.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return active < 0 || drawn.includes(active) ? drawn : [...drawn, active].sort((a, b) => a - b);
    },
  });
  const lines: readonly Pick<VirtualItem, 'index' | 'start'>[] = printing
    ? items.map((_, index) => ({ index, start: 0 }))
    : virtualizer.getVirtualItems();
  const place = (start: number): CSSProperties =>
    printing ? {} : { position: 'absolute', inset: '0 0 auto', transform: `translateY(${start}px)` };
  return { pane, virtualizer, lines, place };
}

/**
 * The queue: only the lines near the screen are drawn, and only as much of it is loaded as somebody scrolled
 * to. Drawn again only when something of it changed.
 */
export const AlertList = memo(function AlertList(props: AlertListProps) {
  const { queue, counts, totals, siteOf, several, loaded, tools, seen, user, selected, picked } = props;
  const { onSelect, onMore, onTop, onPick, onAll } = props;
  const { t, number } = useTexts();
  const printing = usePrinting();
  const items = useMemo(() => queueItems(queue, counts, totals), [queue, counts, totals]);
  const isSelected = (item: QueueItem) => item.kind === 'row' && item.alert.id === selected;
  const selectedAt = items.findIndex(isSelected);
  // The one row that Tab reaches.
  const stop = selectedAt < 0 ? items.findIndex(({ kind }) => kind === 'row') : selectedAt;
  const { pane, virtualizer, lines, place } = useLines(items, stop, printing);

  useEffect(() => {
    for (const { index } of lines) {
      const item = items[index];
      if (item?.kind === 'rest') onMore(item.attention);
    }
    if (lines[0]?.index === 0 && (virtualizer.scrollOffset ?? 0) < 10) onTop();
  }, [lines, items, onMore, onTop, virtualizer]);

  const latest = useRef({ items, picked, onPick });
  latest.current = { items, picked, onPick };
  const lastPicked = useRef('');
  const pickRow = useCallback((id: string, isRange: boolean) => {
    const { items: shown, picked: before, onPick: tell } = latest.current;
    if (before === null) return;
    const rows = shown.flatMap((item) => (item.kind === 'row' ? [item.alert] : []));
    const to = rows.findIndex((row) => row.id === id);
    const began = isRange ? rows.findIndex((row) => row.id === lastPicked.current) : to;
    const from = began < 0 ? to : began;
    tell(pick(before, rows.slice(Math.min(from, to), Math.max(from, to) + 1), !before.has(id)));
    lastPicked.current = id;
  }, []);

  /** Arrow keys, Home and End move between the rows; Tab enters and leaves the list as one stop. */
  function moveFocus(event: KeyboardEvent<HTMLElement>): void {
    const id = (document.activeElement?.closest('.alert-row') as HTMLElement | null)?.dataset.alertId;
    const rows = items.flatMap((item, index) => (item.kind === 'row' ? [{ index, id: item.alert.id }] : []));
    const at = rows.findIndex((row) => row.id === id);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const target = to === undefined || at < 0 ? undefined : rows[to];
    if (!target) return;
    event.preventDefault();
    virtualizer.scrollToIndex(target.index);
    const focus = () =>
      pane.current?.querySelector<HTMLElement>(`[data-alert-id="${target.id}"] button`)?.focus();
    focus();
    // It may have to be drawn first.
    requestAnimationFrame(focus);
  }

  const draw = (item: QueueItem, index: number, start: number) => {
    const measured = { ref: virtualizer.measureElement, 'data-index': index, style: place(start) };
    if (item.kind === 'row') {
      return (
        <li key={keyOf(item)} className="alert-line" {...measured}>
          <AlertRow
            alert={item.alert}
            site={siteOf(item.alert.site)}
            several={several}
            selected={item.alert.id === selected}
            isNew={isUnseen(item.alert, seen.get(item.alert.id), user)}
            picked={picked?.has(item.alert.id)}
            tabStop={index === stop}
            onSelect={onSelect}
            onPick={pickRow}
          />
        </li>
      );
    }
    if (item.kind === 'head') return null;
    return (
      <li key={keyOf(item)} className="alert-rest muted" data-testid="alert-rest" {...measured}>
        {t('list.rest', { shown: number(item.shown), total: number(item.total) })}
      </li>
    );
  };

  return (
    <section className="pane pane-list" aria-label={t('list.title')} ref={pane}>
      <div className="list-tools">{tools}</div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are the buttons, this only moves focus between them */}
      <div
        className="alert-list"
        id="alerts"
        tabIndex={-1}
        data-testid="alert-list"
        data-loaded={loaded}
        onKeyDown={moveFocus}
        style={printing ? {} : { height: virtualizer.getTotalSize() }}
      >
        {attentions.map((attention) => {
          const drawn = lines.flatMap(({ index, start }) => {
            const item = items[index];
            return item?.attention === attention ? [{ item, index, start }] : [];
          });
          const head = drawn.find(({ item }) => item.kind === 'head');
          const rows = drawn.filter(({ item }) => item.kind !== 'head');
          return (
            <section key={attention} className="alert-group" data-attention={attention}>
              {head?.item.kind === 'head' && (
                <div ref={virtualizer.measureElement} data-index={head.index} style={place(head.start)}>
                  <h2>
                    {t(`list.${attention}`)}{' '}
                    <b data-testid={`total-${attention}`}>{number(head.item.total)}</b>
                  </h2>
                  {head.item.total === 0 && <Quiet loaded={loaded} onAll={totals ? onAll : null} />}
                </div>
              )}
              {rows.length > 0 && <ul>{rows.map(({ item, index, start }) => draw(item, index, start))}</ul>}
            </section>
          );
        })}
      </div>
    </section>
  );
});

/** Nothing waits, nothing of what is shown does, or nobody knows yet. */
function Quiet({ loaded, onAll }: { readonly loaded: boolean; readonly onAll: (() => void) | null }) {
  const { t } = useTexts();
  if (!loaded) {
    return (
      <div className="quiet">
        <p>{t('list.loading')}</p>
      </div>
    );
  }
  if (onAll) {
    return (
      <div className="quiet" data-testid="none-fits">
        <p>{t('list.noneFits')}</p>
        <button type="button" className="button" onClick={onAll}>
          {t('list.all')}
        </button>
      </div>
    );
  }
  return (
    <div className="quiet">
      <LineSign path={signPaths.quiet} />
      <p>
        <b>{t('list.quietTitle')}</b>
        {t('list.quietText')}
      </p>
    </div>
  );
}

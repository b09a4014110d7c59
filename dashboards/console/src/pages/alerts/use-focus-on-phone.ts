import { useEffect, useRef } from 'react';
import { consolePolicy } from '../../policy.ts';

/** Where the headline of the detail is found. */
export const detailTitleId = 'detail-title';

/** From this width list, detail and plan stand side by side. */
const wideQuery = '(min-width: 760px)';

export function isWide(): boolean {
  return matchMedia(wideQuery).matches;
}

/** On a phone list and detail take turns: the focus goes along, and comes back to the row that it left. */
export function useFocusOnPhone(selected: string | null): void {
  const before = useRef(selected);
  useEffect(() => {
    const left = before.current;
    before.current = selected;
    if (left === selected || isWide()) return;
    if (selected === null) return focusWhenDrawn(`.alert-row[data-alert-id="${left}"] button`);
    document.querySelector('.pane-detail')?.scrollTo(0, 0);
    return focusWhenDrawn(`.pane-detail[data-alert-id="${selected}"] #${detailTitleId}`);
  }, [selected]);
}

/**
 * Focuses what the selector finds: an alert may have to be fetched first, and a list that was hidden draws
 * its rows in the next frame. Gives up after `focusWithinMs`, and when somebody has put the focus elsewhere.
 * Returns what ends it.
 */
function focusWhenDrawn(selector: string): () => void {
  const atFirst = document.activeElement;
  const endMs = performance.now() + consolePolicy.focusWithinMs;
  let frame = 0;
  const seek = () => {
    const focused = document.activeElement;
    if (focused !== atFirst && focused !== document.body) return;
    const wanted = document.querySelector<HTMLElement>(selector);
    wanted?.focus();
    const isDone = wanted !== null && document.activeElement === wanted;
    if (!isDone && performance.now() < endMs) frame = requestAnimationFrame(seek);
  };
  seek();
  return () => cancelAnimationFrame(frame);
}

import { useEffect, useRef } from 'react';

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
    if (selected !== null) {
      document.querySelector('.pane-detail')?.scrollTo(0, 0);
      document.getElementById(detailTitleId)?.focus();
    } else {
      document.querySelector<HTMLElement>(`.alert-row[data-alert-id="${left}"] button`)?.focus();
    }
  }, [selected]);
}

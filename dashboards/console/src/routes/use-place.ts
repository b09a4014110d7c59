import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useRoute, useSearch } from 'wouter';
import { addressOf, type ManagedPage, type Place, patterns, placeOf, sectionOf } from './place.ts';
import { filterOf, type QueueFilter, queryOf } from './queue-filter.ts';

/**
 * Goes to where the place is changed to. Each address that is new is a step of the browser's history, so that
 * back leads to where one was; `replace` takes the place of the present one. The function stays the same.
 */
export type Go = (change: Partial<Place>, options?: { readonly replace: boolean }) => void;

/**
 * Where the console is. It lives in the address: it can be sent to a colleague and loaded anew, and a phone's
 * back button leads out.
 */
export function usePlace(): readonly [Place, Go] {
  const [, atAlert] = useRoute(patterns.alert);
  const [, atView] = useRoute(patterns.view);
  const [, atSiteAlert] = useRoute(patterns.siteAlert);
  const [, atSite] = useRoute(patterns.siteView);
  const [, navigate] = useLocation();
  const place = placeOf({ ...atView, ...atAlert, ...atSite, ...atSiteAlert });
  const present = useRef(place);
  present.current = place;
  // What is shown of the queue goes along from one alert to the next.
  const query = useRef('');
  query.current = queryOf(useFilter());
  const go = useCallback<Go>(
    (change, { replace } = { replace: false }) => {
      const address = addressOf({ ...present.current, ...change });
      if (address !== addressOf(present.current)) navigate(withQuery(address, query.current), { replace });
    },
    [navigate],
  );
  return [place, go];
}

const withQuery = (address: string, query: string): string =>
  query === '' ? address : `${address}?${query}`;

/** What of the queue is shown, by the query of the address; the same object while it says the same. */
export function useFilter(): QueueFilter {
  const query = queryOf(filterOf(useSearch()));
  return useMemo(() => filterOf(query), [query]);
}

/** Shows something else of the queue, as a step of the browser's history. The function stays the same. */
export function useSetFilter(): (filter: QueueFilter) => void {
  const [address, navigate] = useLocation();
  const present = useRef(address);
  present.current = address;
  return useCallback((filter) => navigate(withQuery(present.current, queryOf(filter))), [navigate]);
}

/** The page that stands where the alerts stand else; null at the alerts. */
export function useManagedPage(): ManagedPage | null {
  const [isAccount] = useRoute(patterns.account);
  const [, managed] = useRoute(patterns.manage);
  return isAccount ? 'account' : sectionOf(managed?.section);
}

/** Whether the console hangs on a wall, to be read from afar. */
export function useIsWall(): boolean {
  const [isWall] = useRoute(patterns.wall);
  return isWall;
}

import { useCallback, useRef } from 'react';
import { useLocation, useRoute } from 'wouter';
import { addressOf, type ManagedPage, type Place, patterns, placeOf, sectionOf } from './place.ts';

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
  const go = useCallback<Go>(
    (change, { replace } = { replace: false }) => {
      const address = addressOf({ ...present.current, ...change });
      if (address !== addressOf(present.current)) navigate(address, { replace });
    },
    [navigate],
  );
  return [place, go];
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

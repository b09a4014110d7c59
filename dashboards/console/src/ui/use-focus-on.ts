import { type RefObject, useEffect, useRef } from 'react';

/**
 * Puts the focus on what has the ref each time that `what` is another one: where the view changes, whoever
 * uses no mouse is where the new one begins, and not nowhere.
 */
export function useFocusOn<Place extends HTMLElement>(what: unknown): RefObject<Place | null> {
  const place = useRef<Place>(null);
  const before = useRef(what);
  useEffect(() => {
    if (before.current === what) return;
    before.current = what;
    place.current?.focus();
  }, [what]);
  return place;
}

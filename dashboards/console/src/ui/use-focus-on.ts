import { type RefObject, useEffect, useRef } from 'react';
import { consolePolicy } from '../policy.ts';

/**
 * Puts the focus on what has the ref each time that `what` is another one: where the view changes, whoever
 * uses no mouse is where the new one begins, and not nowhere. A dialog that led there has closed by then: it
 * holds the focus while it is open, and gives it back to its button. `isFirst` false: something in the view
 * takes the focus itself.
 */
export function useFocusOn<Place extends HTMLElement>(
  what: unknown,
  isFirst = true,
): RefObject<Place | null> {
  const place = useRef<Place>(null);
  const before = useRef(what);
  useEffect(() => {
    if (before.current === what) return undefined;
    before.current = what;
    if (!isFirst) return undefined;
    const timer = setTimeout(() => place.current?.focus(), consolePolicy.focusAfterMs);
    return () => clearTimeout(timer);
  }, [what, isFirst]);
  return place;
}

import { useEffect } from 'react';
import { type Loaded, useLoaded } from '../use-loaded.ts';

/** Milliseconds between two looks while the page is shown. */
const usualMs = 10_000;

/**
 * Loads as {@link useLoaded}, and again while somebody looks: what others did is there soon.
 * @param everyMs milliseconds between two looks
 */
export function usePolled<T>(load: () => Promise<T>, everyMs = usualMs): Loaded<T> {
  const loaded = useLoaded(load);
  const { reload } = loaded;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  return loaded;
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { problemText } from '../texts/problem-text.ts';
import { useTexts } from '../texts/texts.tsx';

/** One answer of a list that comes in pages; `next` is where the following one begins. */
export interface PageOf<T, Next> {
  readonly items: readonly T[];
  readonly next: Next | null;
}

/** The pages that were asked for, one below the other. */
export interface Paged<T> {
  /** Null until the first page is there. */
  readonly items: readonly T[] | null;
  /** Why the last try failed, in words; empty when it did not. */
  readonly problem: string;
  /** Loads the next page; null where there is none. */
  readonly more: (() => void) | null;
  /** Loads the first page again, after something was changed. */
  readonly reload: () => Promise<void>;
}

/**
 * Loads the first page with the component, and anew when `load` is another one, that is when a filter
 * changed. What an older question brings is not shown any more.
 */
export function usePaged<T, Next = string>(load: (after: Next | null) => Promise<PageOf<T, Next>>): Paged<T> {
  const texts = useTexts();
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [next, setNext] = useState<Next | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const turn = useRef(0);
  const show = useCallback(
    async (after: Next | null) => {
      turn.current += 1;
      const mine = turn.current;
      setProblem(null);
      try {
        const page = await load(after);
        if (mine !== turn.current) return;
        setItems((before) => (after === null ? page.items : [...(before ?? []), ...page.items]));
        setNext(page.next);
      } catch (failure) {
        if (mine === turn.current) setProblem(failure);
      }
    },
    [load],
  );
  useEffect(() => {
    void show(null);
    return () => {
      turn.current += 1;
    };
  }, [show]);
  return {
    items,
    problem: problem === null ? '' : problemText(texts, problem),
    more: next === null ? null : () => void show(next),
    reload: useCallback(() => show(null), [show]),
  };
}

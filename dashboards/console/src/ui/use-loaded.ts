import { useCallback, useEffect, useRef, useState } from 'react';
import { problemText } from '../texts/problem-text.ts';
import { useTexts } from '../texts/texts.tsx';

/** What the server said, as it is shown. */
export interface Loaded<T> {
  /** Null until it is there; the one before stays while the next is under way. */
  readonly value: T | null;
  /** Why the last try failed, in words; empty when it did not. */
  readonly problem: string;
  readonly reload: () => Promise<void>;
}

/** Loads with the page, and again when `load` is another one or somebody asks; the newest answer holds. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const texts = useTexts();
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const turn = useRef(0);
  const reload = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const answer = await load();
      if (mine !== turn.current) return;
      setValue(answer);
      setProblem(null);
    } catch (failure) {
      if (mine === turn.current) setProblem(failure);
    }
  }, [load]);
  useEffect(() => {
    void reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);
  return { value, problem: problem === null ? '' : problemText(texts, problem), reload };
}

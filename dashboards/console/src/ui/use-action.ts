import { useCallback, useRef, useState } from 'react';
import { problemText } from '../texts/problem-text.ts';
import { useTexts } from '../texts/texts.tsx';

/** Something that somebody pressed for: one at a time, with what went wrong in words. */
export interface Action {
  readonly busy: boolean;
  /** Why the last try failed; empty when it did not. */
  readonly problem: string;
  /** Does it, and says whether it went well. While one is under way nothing else begins. */
  readonly run: (what: () => Promise<void>) => Promise<boolean>;
  /** Says in the action's own place what is wrong before anything was sent. */
  readonly refuse: (problem: string) => void;
}

export function useAction(): Action {
  const texts = useTexts();
  const latest = useRef(texts);
  latest.current = texts;
  const [state, setState] = useState({ busy: false, problem: '' });
  const isBusy = useRef(false);
  const run = useCallback(async (what: () => Promise<void>) => {
    if (isBusy.current) return false;
    isBusy.current = true;
    setState({ busy: true, problem: '' });
    let problem = '';
    try {
      await what();
    } catch (failure) {
      problem = problemText(latest.current, failure);
    }
    isBusy.current = false;
    setState({ busy: false, problem });
    return problem === '';
  }, []);
  const refuse = useCallback((problem: string) => setState({ busy: false, problem }), []);
  return { ...state, run, refuse };
}

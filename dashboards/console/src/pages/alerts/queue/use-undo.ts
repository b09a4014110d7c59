import { useCallback, useEffect, useRef, useState } from 'react';
import { consolePolicy } from '../../../policy.ts';

/** Something that was just done, and how it is taken back. */
export interface Undoable {
  readonly said: string;
  readonly undo: () => Promise<void>;
}

/** The last thing that can be taken back, for some seconds; while somebody is at it, as long as they are. */
export function useUndo() {
  const [last, setLast] = useState<Undoable | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hold = useCallback(() => clearTimeout(timer.current), []);
  const letGo = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setLast(null), consolePolicy.undoWithinMs);
  }, []);
  const offer = useCallback(
    (undoable: Undoable | null) => {
      setLast(undoable);
      if (undoable) letGo();
      else hold();
    },
    [hold, letGo],
  );
  useEffect(() => hold, [hold]);
  return { last, offer, hold, letGo };
}

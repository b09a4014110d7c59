import type { AlertCounts } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useEffect, useMemo, useState } from 'react';
import type { Ask } from '../../../api/ask.ts';
import { steady } from '../../../live/steady.ts';
import { consolePolicy } from '../../../policy.ts';

/**
 * How many alerts are new to the person, as the server counts them; null until it has said so. Asked again
 * when something was seen, or the number of alerts has changed.
 */
export function useUnseen(
  ask: Ask,
  seen: ReadonlyMap<string, number>,
  counts: AlertCounts | null,
): number | null {
  const [unseen, setUnseen] = useState<number | null>(null);
  const asking = useMemo(
    () =>
      steady(consolePolicy.countUnseen, () => {
        call(ask, 'GET /alerts/seen').then(
          (answer) => setUnseen(answer.unseen),
          // The next change asks again.
          () => undefined,
        );
      }),
    [ask],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is counted changes with these
  useEffect(() => asking.soon(), [asking, seen, counts]);
  useEffect(() => () => asking.stop(), [asking]);
  return unseen;
}

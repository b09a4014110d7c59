import { useEffect, useState } from 'react';

const shown = (): string | null => /^#([0-9a-f-]{36})$/.exec(location.hash)?.[1] ?? null;

/** The id of the incident behind `#` of the address; null when there is none. */
export function useChosen(): string | null {
  const [chosen, setChosen] = useState(shown);
  useEffect(() => {
    const follow = () => setChosen(shown());
    follow();
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, []);
  return chosen;
}

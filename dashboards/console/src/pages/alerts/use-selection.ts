import { useCallback, useSyncExternalStore } from 'react';

const pattern = /^#\/alerts\/([0-9a-f-]{36})$/;

function read(): string | null {
  return pattern.exec(location.hash)?.[1] ?? null;
}

function subscribe(reader: () => void): () => void {
  window.addEventListener('hashchange', reader);
  return () => window.removeEventListener('hashchange', reader);
}

/** The selected alert lives in the address: it can be sent to a colleague, and a phone's back button leaves it. */
export function useSelection(): readonly [string | null, (id: string | null) => void] {
  const selected = useSyncExternalStore(subscribe, read);
  const select = useCallback((id: string | null) => {
    location.hash = id === null ? '#/' : `#/alerts/${id}`;
  }, []);
  return [selected, select];
}

const prefix = 'watchpost.';

/**
 * What this browser was told to remember. Storage may be switched off: nothing is remembered then, and
 * nothing breaks.
 */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // see recall
  }
}

/** Calls back when another tab remembers something else, until the returned function is called. */
export function whenRemembered(name: string, changed: (value: string | null) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === prefix + name) changed(newValue);
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

import { consolePolicy } from '../policy.ts';

const readers = new Set<() => void>();
let stop: (() => void) | undefined;

function tick(): void {
  for (const reader of readers) reader();
}

/** Starts the beat: in a worker where there is one, otherwise in the page. */
function start(): () => void {
  const inPage = () => {
    const timer = setInterval(tick, consolePolicy.tickMs);
    return () => clearInterval(timer);
  };
  if (typeof Worker === 'undefined') return inPage();
  let end: () => void = () => undefined;
  try {
    const worker = new Worker(new URL('./tick-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = tick;
    end = () => worker.terminate();
    // It could not be loaded: a slow beat is better than none.
    worker.onerror = () => {
      worker.terminate();
      end = inPage();
    };
  } catch {
    return inPage();
  }
  return () => end();
}

/**
 * Calls `reader` about once a second, also while nobody looks at the page, until the returned function is
 * called.
 */
export function onTick(reader: () => void): () => void {
  readers.add(reader);
  stop ??= start();
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

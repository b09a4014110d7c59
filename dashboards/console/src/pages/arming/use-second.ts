import { useEffect, useState } from 'react';

/** Milliseconds since the page was opened, each second anew. */
export function useSecond(): number {
  const [passedMs, setPassedMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setPassedMs(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return passedMs;
}

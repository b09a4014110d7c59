import type { ReadingDriver, ReadingEvents } from './reading-driver.ts';

/**
 * Start and stop of a driver that listens once at a time: whoever starts it again ends what it did before.
 * @param begin listens, and gives what ends that and every timer of it
 */
export function restartable(
  begin: (events: ReadingEvents) => () => Promise<void>,
): Pick<ReadingDriver, 'start' | 'stop'> {
  let end: (() => Promise<void>) | null = null;
  const stop = async () => {
    const ending = end?.();
    end = null;
    await ending;
  };
  return {
    start(events) {
      void stop();
      end = begin(events);
    },
    stop,
  };
}

/** Median wall time of `run` in ms over `times` runs, after `warmup` runs that do not count. */
export async function medianMs(times: number, warmup: number, run: () => unknown): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < warmup + times; i++) {
    const started = performance.now();
    await run();
    if (i >= warmup) samples.push(performance.now() - started);
  }
  return median(samples);
}

/** The upper median; NaN of nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

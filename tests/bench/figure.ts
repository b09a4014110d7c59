/** One measured number. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** How many measurements it rests on. */
  readonly n: number;
}

/** Prints figures: one JSON line each for machines, a table for people. */
export function printFigures(figures: readonly Figure[], json: boolean): void {
  if (json) for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
  else console.table(figures);
}

/** The value that `share` (0…1) of the sorted values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One measured value, as machines read it. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** Cases behind the value. */
  readonly n: number;
  /** What else there is to say, e.g. which of several won. */
  readonly note?: string;
}

/** Writes lines; tests hand in their own. */
export type Print = (line: string) => void;

/** JSON lines for machines, or an aligned table for people. */
export function printFigures(figures: readonly Figure[], json: boolean, print: Print): void {
  if (json) {
    for (const figure of figures) print(JSON.stringify(figure));
    return;
  }
  const width = Math.max(...figures.map(({ figure }) => figure.length));
  for (const { figure, value, unit, n, note } of figures) {
    print(
      `${figure.padEnd(width)}  ${String(Number(value.toPrecision(6))).padStart(10)} ${unit}  (n = ${n})${note ? `  ${note}` : ''}`,
    );
  }
}

/** A progress bar on a terminal's error stream; silent elsewhere. */
export function progress(done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.floor((40 * done) / of);
  process.stderr.write(`\r[${'#'.repeat(filled).padEnd(40)}] ${done}/${of}${done === of ? '\n' : ''}`);
}

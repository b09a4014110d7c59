/** One look at the metrics of a process. */
export interface Sample {
  /** Value by name with labels, as the text has them: `name{label="value"}`. */
  readonly values: ReadonlyMap<string, number>;
  readonly timeMs: number;
}

/** Reads the text format of Prometheus; lines that are not `name value` are left out. */
export function parsePrometheus(text: string, timeMs: number): Sample {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ');
    if (at <= 0 || line.startsWith('#')) continue;
    const value = Number(line.slice(at + 1));
    if (Number.isFinite(value)) values.set(line.slice(0, at), value);
  }
  return { values, timeMs };
}

/** Sum over all labels of a metric. */
export function totalOf({ values }: Sample, name: string): number {
  let total = 0;
  for (const [key, value] of values) if (key === name || key.startsWith(`${name}{`)) total += value;
  return total;
}

/** Values by the one label that a metric has. */
export function byLabel({ values }: Sample, name: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, value] of values) {
    const label = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key)?.[1] : undefined;
    if (label !== undefined) found[label] = value;
  }
  return found;
}

import type { Figure } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

/** What was measured, and what was promised and is missing. */
export interface FieldResult {
  readonly figures: readonly Figure[];
  readonly missing: readonly string[];
}

/**
 * Runs the benches one after the other. One that fails costs its own figures only; they come back as missing.
 */
export async function runFieldBenches(
  benches: readonly FieldBench[],
  say: (line: string) => void,
): Promise<FieldResult> {
  const figures: Figure[] = [];
  const missing: string[] = [];
  for (const bench of benches) {
    say(`bench: ${bench.name}`);
    const startedMs = performance.now();
    let measured: readonly Figure[] = [];
    try {
      measured = await bench.run(say, bench.figures);
    } catch (error) {
      say(
        `bench: ${bench.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
    say(`bench: ${bench.name} took ${Math.round((performance.now() - startedMs) / 1000)} s`);
    const good = measured.filter(
      ({ figure, value, n }) => bench.figures.includes(figure) && Number.isFinite(value) && n > 0,
    );
    figures.push(...good);
    missing.push(...bench.figures.filter((name) => !good.some(({ figure }) => figure === name)));
  }
  return { figures, missing };
}

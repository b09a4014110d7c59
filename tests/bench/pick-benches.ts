import type { FieldBench } from './field/field-bench.ts';

/**
 * The benches that make what is asked for: names of benches, which make all their figures, and of figures.
 * @returns all of them when nothing is named; undefined when a name is unknown
 */
export function pickBenches(
  benches: readonly FieldBench[],
  names: readonly string[],
): readonly FieldBench[] | undefined {
  if (names.length === 0) return benches;
  const isKnown = (name: string) =>
    benches.some((bench) => bench.name === name || bench.figures.includes(name));
  if (!names.every(isKnown)) return undefined;
  return benches.flatMap((bench) => {
    if (names.includes(bench.name)) return [bench];
    const figures = bench.figures.filter((figure) => names.includes(figure));
    return figures.length === 0 ? [] : [{ ...bench, figures }];
  });
}

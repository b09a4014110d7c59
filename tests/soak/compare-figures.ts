import type { Figure } from '../bench/figure.ts';

/** One figure of the tree under test beside the same figure of the tree it is compared with. */
export interface Comparison {
  readonly figure: string;
  /** Above 1 the tree under test is better; median over the rounds. */
  readonly ratio: number;
  readonly rounds: number;
}

/**
 * Rates and their ratios to a peer grow when things get better; times, and how many times a peer’s they are,
 * sizes, losses and processors shrink.
 */
const moreIsBetter = ({ unit, figure }: Figure): boolean =>
  unit.endsWith('/s') || (/_over_/.test(figure) && !/_p\d+_over_/.test(figure));

/**
 * Not comparable is what changes by its nature from run to run, and what a peer reaches by itself: neither
 * says anything about the tree.
 */
const isComparable = ({ figure }: Figure): boolean =>
  !/_(longest_ms|load_cpu|memory_growth_mb)$|^storm_mosquitto_|_(mosquitto|bare_node)_p99_ms$/.test(figure);

/**
 * The median over rounds of “how much better”, for each figure that both trees print.
 * @param rounds pairs of runs, the tree under test second
 */
export function compareFigures(
  rounds: readonly { readonly base: readonly Figure[]; readonly now: readonly Figure[] }[],
): readonly Comparison[] {
  const ratios = new Map<string, number[]>();
  for (const { base, now } of rounds)
    for (const figure of now.filter(isComparable)) {
      const before = base.find((one) => one.figure === figure.figure);
      if (before) ratios.set(figure.figure, [...(ratios.get(figure.figure) ?? []), better(before, figure)]);
    }
  return [...ratios].map(([figure, values]) => ({ figure, ratio: median(values), rounds: values.length }));
}

function better(before: Figure, after: Figure): number {
  if (before.value === after.value) return 1;
  return moreIsBetter(after) ? after.value / before.value : before.value / after.value;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
    : (sorted[Math.floor(middle)] ?? Number.NaN);
}

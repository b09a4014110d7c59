/** Of the product, run or not; no tests, and nothing that only tests or benches use. */
const counted = ['*/src/**/*.ts', 'dashboards/*/src/**/*.{ts,tsx}'];
const uncounted = [
  '**/*.{test,fuzz}.{ts,tsx}',
  '**/*-{testing,contract}.ts',
  '**/{testing,conformance,bench,eval,generate,generated}/**',
  '**/*.d.ts',
];

/** Options of the test runner, for a summary in `folder`, also when a test fails. */
export const coverageOptions = (folder: string): readonly string[] => [
  '--coverage.enabled',
  '--coverage.provider=v8',
  '--coverage.reporter=json-summary',
  '--coverage.reportOnFailure',
  `--coverage.reportsDirectory=${folder}`,
  ...counted.map((pattern) => `--coverage.include=${pattern}`),
  ...uncounted.map((pattern) => `--coverage.exclude=${pattern}`),
];

interface Share {
  readonly total: number;
  readonly covered: number;
}

/** As much of the runner’s `coverage-summary.json` as is used. */
export interface CoverageSummary {
  readonly total: Readonly<Record<'lines' | 'branches' | 'functions', Share>>;
}

/**
 * The figures of a summary, in percent; `n` is how many there are.
 * @throws Error when nothing was counted: a figure of nothing would look like a good one
 */
export function coverageFigures({ total }: CoverageSummary) {
  return (['lines', 'branches', 'functions'] as const).map((what) => {
    const { covered, total: n } = total[what];
    if (n === 0) throw new Error(`no ${what} were counted`);
    return {
      figure: `coverage_${what}_pct`,
      value: Math.round((covered / n) * 1000) / 10,
      unit: '%',
      n,
    } as const;
  });
}

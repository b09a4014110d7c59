import { parseArgs } from 'node:util';
import { evaluateCodes } from './evaluate-codes.ts';
import { evaluateFaces } from './evaluate-faces.ts';
import { evaluateSeries } from './evaluate-series.ts';
import { type Figure, printFigures } from './figures.ts';

const evaluations: Readonly<Record<string, (dir: string, picture?: string) => Promise<Figure[]>>> = {
  faces: evaluateFaces,
  codes: evaluateCodes,
  series: evaluateSeries,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    picture: { type: 'string' },
  },
});
const evaluate = evaluations[positionals[0] ?? ''];
if (!evaluate || !values.data) {
  process.stderr.write('usage: eval faces|codes|series --data DIR [--json] [--picture FILE.svg (faces)]\n');
  process.exitCode = 2;
} else {
  printFigures(await evaluate(values.data, values.picture), values.json, (line) =>
    process.stdout.write(`${line}\n`),
  );
}

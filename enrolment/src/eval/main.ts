import { parseArgs } from 'node:util';
import { printFigures } from '@watchpost/inference/testing/coverings';
import { evaluateEnrolment } from './evaluate-enrolment.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    people: { type: 'string', default: '100' },
    skip: { type: 'string', default: '0' },
    seed: { type: 'string', default: '7' },
  },
});
if (values.data === undefined) {
  process.stderr.write('usage: eval enrolment --data DIR [--json] [--people N] [--skip N] [--seed N]\n');
  process.exitCode = 2;
} else {
  const { data, json, people, skip, seed } = values;
  const figures = await evaluateEnrolment(data, {
    ...{ people: Number(people), skip: Number(skip), seed: Number(seed) },
  });
  printFigures(figures, json, (line) => process.stdout.write(`${line}\n`));
}

import { parseArgs } from 'node:util';
import { WatchpostError } from '@watchpost/contracts';
import { evaluateCodes } from './evaluate-codes.ts';
import { evaluateFaces, type FaceEvaluation } from './evaluate-faces.ts';
import { evaluateSeries } from './evaluate-series.ts';
import { type Figure, printFigures } from './figures.ts';

const evaluations: Readonly<Record<string, (dir: string, options: FaceEvaluation) => Promise<Figure[]>>> = {
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
    detector: { type: 'string' },
    recogniser: { type: 'string' },
    'files-from': { type: 'string' },
  },
});
const { data, json, picture, detector, recogniser, 'files-from': filesFrom } = values;
const evaluate = evaluations[positionals[0] ?? ''];
if (!evaluate || !data) {
  process.stderr.write(
    'usage: eval faces|codes|series --data DIR [--json]\n' +
      '       codes: [--picture FILE.svg]\n' +
      '       faces: [--picture FILE.svg] [--detector MANIFEST] [--recogniser MANIFEST] [--files-from DIR]\n',
  );
  process.exitCode = 2;
} else {
  const options: FaceEvaluation = {
    ...(picture ? { picture } : {}),
    ...(detector ? { detector } : {}),
    ...(recogniser ? { recogniser } : {}),
    ...(filesFrom ? { filesFrom } : {}),
  };
  try {
    printFigures(await evaluate(data, options), json, (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    const { code, message, details } = error;
    process.stderr.write(`[${code}] ${message} ${JSON.stringify(details)}\n`);
    process.exitCode = 1;
  }
}

import { parseArgs } from 'node:util';
import { WatchpostError } from '@watchpost/contracts/errors';
import { evaluateCodes } from './evaluate-codes.ts';
import { evaluateFaces, type FaceEvaluation } from './evaluate-faces.ts';
import { evaluateSeries } from './evaluate-series.ts';
import { type Figure, printFigures } from './figures.ts';

type Report = (figures: readonly Figure[]) => void;

const evaluations: Readonly<
  Record<string, (dir: string, options: FaceEvaluation, report: Report) => Promise<unknown>>
> = {
  faces: async (dir, options, report) => report(await evaluateFaces(dir, options)),
  codes: async (dir, { picture }, report) => report(await evaluateCodes(dir, picture ? { picture } : {})),
  series: (dir, { picture }, report) => evaluateSeries(dir, { report, ...(picture ? { picture } : {}) }),
};

// A reader that has seen enough, as `head`, is no error.
process.stdout.on('error', () => process.exit());

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
    'usage: eval faces|codes|series --data DIR [--json] [--picture FILE.svg]\n' +
      '       faces: [--detector MANIFEST] [--recogniser MANIFEST] [--files-from DIR]\n',
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
    await evaluate(data, options, (figures) =>
      printFigures(figures, json, (line) => process.stdout.write(`${line}\n`)),
    );
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    const { code, message, details } = error;
    process.stderr.write(`[${code}] ${message} ${JSON.stringify(details)}\n`);
    process.exitCode = 1;
  }
}

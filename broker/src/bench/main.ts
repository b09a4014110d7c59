import { parseArgs } from 'node:util';
import { benchCluster } from './cluster-takeover.ts';
import { benchFuzz } from './fuzz.ts';
import { benchIdleTls } from './idle-tls.ts';
import { benchLatency } from './latency.ts';
import { benchStorms } from './storm-watch.ts';
import { benchThroughput, type Figure, type Progress } from './throughput.ts';

const parts: Readonly<Record<string, (progress: Progress) => Promise<Figure[]>>> = {
  throughput: benchThroughput,
  latency: benchLatency,
  tls: benchIdleTls,
  cluster: benchCluster,
  storms: benchStorms,
  fuzz: benchFuzz,
};

// `npm run bench -- broker [--json] [--only NAME]`: figures on standard output, progress beside it.
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const names = values.only === undefined ? Object.keys(parts) : values.only.split(',');
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) {
  process.stderr.write(`--only: one of ${Object.keys(parts).join(', ')}\n`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const name of names) {
  const progress: Progress = (line) => process.stderr.write(`[${name}] ${line}\n`);
  for (const figure of (await parts[name]?.(progress)) ?? []) {
    const rounded = { ...figure, value: Number(figure.value.toPrecision(4)) };
    if (values.json) process.stdout.write(`${JSON.stringify(rounded)}\n`);
    figures.push(rounded);
  }
}
if (!values.json) console.table(figures);

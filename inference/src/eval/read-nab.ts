import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { NabProfile, ScoredSeries } from './nab-score.ts';
import { badData, readDataFile } from './read-data.ts';

/** One series with its labelled windows as row numbers. */
export interface NabSeries {
  /** `folder/file.csv`. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly windows: ScoredSeries['windows'];
}

const labelsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
const profileSchema = z.object({
  CostMatrix: z.object({ tpWeight: z.number(), fnWeight: z.number(), fpWeight: z.number() }),
});
const stampPattern = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const numberPattern = /^(nan|[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)$/i;

/**
 * Every series of a folder laid out as numenta/NAB: `data/*​/*.csv` with lines `timestamp,value`,
 * `labels/combined_windows.json`. A file without an entry in the labels has no windows; an entry without a
 * file is passed over.
 * @throws WatchpostError `inference.evaluation_data` with the file, and line or window, as path.
 */
export async function readNab(dir: string): Promise<NabSeries[]> {
  const labelsFile = join('labels', 'combined_windows.json');
  const labels = await readJson(dir, labelsFile, labelsSchema);
  const files = (
    await readdir(join(dir, 'data'), { recursive: true }).catch((cause: unknown) => {
      throw badData('data', 'a folder that can be read', cause);
    })
  )
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.csv'))
    .sort();
  if (files.length === 0) throw badData('data', 'at least one .csv file');
  const all: NabSeries[] = [];
  for (const name of files) {
    const path = join('data', name);
    const { times, values } = rowsOf((await readDataFile(dir, path)).toString('utf8'), path);
    const windows = (labels[name] ?? []).map(([from, to], i) => {
      const at = `${labelsFile}/${name}/${i}`;
      const first = times.findIndex((time) => time >= stampOf(from, at));
      const last = times.findLastIndex((time) => time <= stampOf(to, at));
      if (first < 0 || last < first) throw badData(at, `a window within the times of ${path}`);
      return [first, last] as const;
    });
    all.push({ name, times, values, windows });
  }
  return all;
}

/** The cost matrices of `profiles.json` by name. @throws WatchpostError `inference.evaluation_data` */
export async function readNabProfiles(dir: string): Promise<Readonly<Record<string, NabProfile>>> {
  const profiles = await readJson(dir, 'profiles.json', z.record(z.string(), profileSchema));
  return Object.fromEntries(Object.entries(profiles).map(([name, { CostMatrix }]) => [name, CostMatrix]));
}

function rowsOf(text: string, path: string): { times: number[]; values: number[] } {
  const [header = '', ...rows] = text.trim().split(/\r?\n/);
  if (!/^\s*timestamp\s*,\s*value\s*$/i.test(header)) throw badData(`${path}:1`, 'timestamp,value');
  if (rows.length === 0) throw badData(`${path}:2`, 'at least one row');
  const times: number[] = [];
  const values: number[] = [];
  for (const [i, row] of rows.entries()) {
    const [stamp = '', value = '', ...rest] = row.split(',');
    const at = `${path}:${i + 2}`;
    if (rest.length > 0 || !numberPattern.test(value.trim())) throw badData(at, 'timestamp,number');
    times.push(stampOf(stamp.trim(), at));
    values.push(Number(value));
  }
  return { times, values };
}

/** NAB's stamps have no time zone; only their distances matter. */
function stampOf(stamp: string, at: string): number {
  const time = stampPattern.test(stamp) ? Date.parse(`${stamp.replace(' ', 'T').slice(0, 19)}Z`) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw badData(at, 'a time as 2014-04-10 07:15:00');
}

async function readJson<S extends z.ZodType>(dir: string, file: string, schema: S): Promise<z.output<S>> {
  const text = (await readDataFile(dir, file)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badData(file, 'JSON', cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badData([file, ...(issue?.path ?? [])].join('/'), issue?.message ?? 'another shape');
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNab, readNabProfiles } from './read-nab.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nab-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), text);
}
const labels = (value: unknown) => write('labels/combined_windows.json', JSON.stringify(value));
const rows = [
  'timestamp,value',
  '2014-01-01 00:00:00,1',
  '2014-01-01 00:05:00,2.5',
  '2014-01-01 00:10:00,-3e2',
];
const refused = (path: string) => ({ code: 'inference.evaluation_data', path });

describe('readNab', () => {
  it('reads series of any depth with their windows as rows, whatever ends a line', async () => {
    await labels({
      'a/x.csv': [['2014-01-01 00:05:00.000000', '2014-01-01 00:10:00.000000']],
      'a/gone.csv': [],
    });
    await write('data/a/x.csv', `${rows.join('\n')}\n`);
    await write('data/y.csv', rows.join('\r\n'));
    const [x, y] = await readNab(dir);
    expect(x).toMatchObject({ name: 'a/x.csv', values: [1, 2.5, -300], windows: [[1, 2]] });
    expect(x!.times[1]! - x!.times[0]!).toBe(300_000);
    expect(y).toMatchObject({ name: 'y.csv', values: [1, 2.5, -300], windows: [] });
  });

  it('names what is missing', async () => {
    await expect(readNab(dir)).rejects.toMatchObject(refused('labels/combined_windows.json'));
    await labels({});
    await expect(readNab(dir)).rejects.toMatchObject(refused('data'));
    await mkdir(join(dir, 'data'));
    await expect(readNab(dir)).rejects.toMatchObject(refused('data'));
    await expect(readNabProfiles(dir)).rejects.toMatchObject(refused('profiles.json'));
  });

  it.each([
    ['2014-01-01 00:15:00,', 5],
    ['2014-01-01 00:15:00,abc', 5],
    ['2014-01-01 00:15:00,1,2', 5],
    ['2014-01-01 00:15:00', 5],
    ['yesterday,1', 5],
    ['2014-13-45 00:15:00,1', 5],
    ['', 5],
  ])('names the row that is malformed: %j', async (row, line) => {
    await labels({});
    await write('data/x.csv', [...rows, row, '2014-01-01 00:20:00,1'].join('\n'));
    await expect(readNab(dir)).rejects.toMatchObject(refused(`data/x.csv:${line}`));
  });

  it('names a file without header or rows, and labels that do not fit', async () => {
    await labels({});
    await write('data/x.csv', rows.slice(1).join('\n'));
    await expect(readNab(dir)).rejects.toMatchObject(refused('data/x.csv:1'));
    await write('data/x.csv', 'timestamp,value\n');
    await expect(readNab(dir)).rejects.toMatchObject(refused('data/x.csv:2'));
    await write('data/x.csv', rows.join('\n'));
    for (const window of [
      ['2015-01-01 00:00:00', '2015-01-02 00:00:00'],
      ['2014-01-01 00:10:00', '2014-01-01 00:05:00'],
      ['?', '2014-01-01 00:05:00'],
    ]) {
      await labels({ 'x.csv': [window] });
      await expect(readNab(dir)).rejects.toMatchObject(refused('labels/combined_windows.json/x.csv/0'));
    }
    await labels({ 'x.csv': [['2014-01-01 00:00:00']] });
    await expect(readNab(dir)).rejects.toMatchObject({ code: 'inference.evaluation_data' });
    await write('labels/combined_windows.json', '{');
    await expect(readNab(dir)).rejects.toMatchObject(refused('labels/combined_windows.json'));
    await write('profiles.json', '{"standard":{}}');
    await expect(readNabProfiles(dir)).rejects.toMatchObject(refused('profiles.json/standard/CostMatrix'));
  });
});

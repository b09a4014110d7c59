import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { clusterTemplate, copyCluster, makeTemplate } from './cluster-template.ts';
import { EmbeddedDatabase } from './embedded-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-cluster-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const logger = pino({ level: 'silent' });

test('two that make a template at once both have it, and leave no draft; databases are copies of it', async () => {
  const template = await clusterTemplate(join(folder, 'cache'));
  const { image } = await embeddedStore();
  await Promise.all([makeTemplate(template, image), makeTemplate(template, image)]);
  expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
  const place = (name: string) => join(folder, name, 'pg');
  for (const name of ['one', 'two']) {
    // Killed in mid-copy, an earlier start left a draft.
    mkdirSync(`${place(name)}.new`, { recursive: true });
    await copyCluster(place(name), template);
    expect(readdirSync(join(folder, name))).toEqual(['pg']);
  }
  const open = (name: string) =>
    EmbeddedDatabase.open({ folder: join(folder, name), template, logger, sessionSettings: [] });
  const one = await open('one');
  await one.query('create table kept (n integer)');
  await one.close();
  const two = await open('two');
  await expect(two.query('select * from kept')).rejects.toThrow(/kept/);
  await two.close();
});

test('where no template can be kept the database makes its own', async () => {
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  const { image } = await embeddedStore();
  const store = join(folder, 'alone');
  mkdirSync(store);
  const options = { folder: store, template: join(file, 'template'), image, logger, sessionSettings: [] };
  const database = await EmbeddedDatabase.open(options);
  expect((await database.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.close();
  expect(existsSync(file)).toBe(true);
});

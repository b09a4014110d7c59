import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'watchpost-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `watchpost …` as the guide has it, with its folders below ours. */
function run(command: string, input = '') {
  const [, ...words] = command.split(' ');
  const args = words.map((word) => word.replace(/^\/(srv|backup)\//, `${folder}/$1/`));
  const { WATCHPOST_DATA: _, DATABASE_URL: __, ...env } = process.env;
  const program = join(root, 'cli', 'src', 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    input,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The commands of the section about backups of a guide, in their order. */
function commandsOf(guide: string, from: string): string[] {
  const text = readFileSync(join(root, 'docs', 'guides', guide), 'utf8');
  const section = text.slice(text.indexOf(from), text.indexOf('## Grafana'));
  return [...section.matchAll(/^```sh\n(.*)\n```$/gm)].map(([, command = '']) => command);
}

it('the commands of the section about backups do what it says, in both languages', () => {
  const commands = commandsOf('operator.md', '## Backup');
  expect(commands).toHaveLength(4);
  expect(commandsOf('operator.zh-CN.md', '## 备份')).toEqual(commands);
  const [backup = '', restore = '', check = '', move = ''] = commands;
  mkdirSync(join(folder, 'backup'), { recursive: true });
  expect(run('watchpost init /srv/watchpost --host watch.example')).toMatchObject({ status: 0, stderr: '' });

  const written = run(backup);
  expect(written).toMatchObject({ status: 0, stderr: '' });
  const key = /WPR1(-[0-9A-Z]{5}){13}/.exec(written.stdout)?.[0] ?? '';
  expect(run(restore, `${key}\n`).status).toBe(0);
  expect(readFileSync(join(folder, 'srv', 'restored', 'server.yaml'), 'utf8')).toBe(
    readFileSync(join(folder, 'srv', 'watchpost', 'server.yaml'), 'utf8'),
  );
  expect(run(restore, `${key}\n`)).toMatchObject({ status: 2, stdout: '' });
  expect(run(check)).toMatchObject({ status: 0, stderr: '' });
  // The secret is not there: nothing is moved, and the code says why.
  const refused = run(move);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('[site.secret_missing]');
});

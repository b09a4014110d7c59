import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const command = fileURLToPath(new URL('../bin/watchpost.mjs', import.meta.url));
const watchpost = (args: readonly string[], input = '', LC_ALL = 'C') =>
  spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, LC_ALL },
  });

it('makes a key, issues a pass and verifies it, from the command line', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-cli-'));
  try {
    const key = join(folder, 'key.json');
    expect(watchpost(['pass', 'new-key', key]).status).toBe(0);
    const issued = watchpost(['pass', 'issue', '--key', key, '--audience', 'gate']);
    expect(issued).toMatchObject({ status: 0, stdout: expect.stringMatching(/^WP1:/) });
    const verify = ['pass', 'verify', '--keys', key, '--audience', 'gate'];
    expect(watchpost(verify, issued.stdout, 'zh_CN.UTF-8')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^有效/),
    });
    expect(watchpost([...verify, 'WP1:FORGED']).status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a command line that is not understood is an error, not the answer no', { timeout: 60_000 }, () => {
  for (const args of [['nonsense'], ['start', '--nonsense'], ['pass', 'verify', '--nonsense']])
    expect(watchpost(args).status, args.join(' ')).toBe(2);
  expect(watchpost(['--help']).status).toBe(0);
  expect(watchpost(['pass', 'verify', '--help']).status).toBe(0);
});

it('says what it did not understand, and what help is made of, in Chinese too', { timeout: 60_000 }, () => {
  const chinese = (...args: readonly string[]) => watchpost(args, '', 'zh_CN.UTF-8');
  expect(chinese('nonsense').stderr).toBe("错误：没有命令 'nonsense'\n");
  expect(chinese('user', 'ad').stderr).toContain('（是否想写 add？）');
  expect(chinese('add', 'camera', 'site').stderr).toBe("错误：缺少选项 '--id <id>'\n");
  expect(chinese('init').stderr).toBe("错误：缺少参数 'folder'\n");
  const { stdout } = chinese('user', 'add', '--help');
  expect(stdout).toMatch(/^用法： watchpost user add/);
  expect(stdout).not.toMatch(/Options:|Arguments:|display help|default/);
  expect(chinese('--help').stdout).not.toMatch(/run the|display help/);
  expect(watchpost(['init']).stderr).toBe("error: missing required argument 'folder'\n");
});

it('lists models and explains itself in both languages', { timeout: 60_000 }, () => {
  expect(watchpost(['models', 'list']).stdout).toContain('mobilefacenet-512');
  expect(watchpost(['pass', '--help'], '', 'zh_CN.UTF-8').stdout).toContain('离线查验通行证');
  expect(watchpost(['pass', '--help']).stdout).toContain('check a pass offline');
});

it('takes --config of a subcommand for the subcommand', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-cli-'));
  try {
    const config = join(folder, 'broker.json');
    writeFileSync(config, '{"port":1883}');
    expect(watchpost(['broker', 'rules', '--for', 'mosquitto', '--config', config])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('listener 1883'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

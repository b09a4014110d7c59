import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-onnx-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs a module with an empty home and an empty temporary folder, and no word about telemetry in its
 * environment.
 */
const runInEmptyHome = (code: string) =>
  run(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', code], {
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
  });

it('a process that opens a model by itself leaves nothing in the home folder', async () => {
  const { stdout } = await runInEmptyHome(`
    const { InferenceSession } = await import(${JSON.stringify(source('./onnx-runtime.ts'))});
    const { tinyRecogniser } = await import(${JSON.stringify(source('../testing/tiny-onnx.ts'))});
    const session = await InferenceSession.create(tinyRecogniser());
    await session.release();
    console.log(session.inputNames.length, process.env.ORT_DISABLE_TELEMETRY);
  `);
  expect(stdout.trim()).toBe('1 1');
  expect(readdirSync(folder, { recursive: true })).toEqual([]);
});

it('a worker thread cannot load it', async () => {
  const worker = `import(${JSON.stringify(source('./onnx-runtime.ts'))}).then(() => process.exit(0), () => process.exit(7))`;
  const { stdout } = await runInEmptyHome(`
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
    worker.on('exit', (code) => console.log('worker ended with', code));
  `);
  expect(stdout.trim()).toBe('worker ended with 7');
});

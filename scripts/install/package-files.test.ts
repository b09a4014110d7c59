import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Platform, wantedFiles } from './package-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here: Platform = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const wanted = (paths: readonly string[], platform = here, name = 'some-package') =>
  wantedFiles(name, paths, platform);

const binaries = [
  'bin/napi-v6/linux/x64/libonnxruntime.so.1',
  'bin/napi-v6/linux/arm64/libonnxruntime.so.1',
  'bin/napi-v6/darwin/arm64/libonnxruntime.dylib',
  'bin/napi-v6/win32/x64/onnxruntime.dll',
  'prebuilds/darwin-x64+arm64/node.napi.node',
  'prebuilds/linux-x64/node.napi.glibc.node',
  'prebuilds/jpeg-turbo-linux-x64/binding.node',
  'prebuilds/jpeg-turbo-linux-x64-musl/binding.node',
];

it('binaries of one platform stay', () => {
  expect(wanted(binaries)).toEqual([
    'bin/napi-v6/linux/x64/libonnxruntime.so.1',
    'prebuilds/linux-x64/node.napi.glibc.node',
    'prebuilds/jpeg-turbo-linux-x64/binding.node',
  ]);
  expect(wanted(binaries, { os: 'darwin', cpu: 'arm64', libc: undefined })).toEqual([
    'bin/napi-v6/darwin/arm64/libonnxruntime.dylib',
    'prebuilds/darwin-x64+arm64/node.napi.node',
  ]);
  expect(wanted(binaries, { os: 'linux', cpu: 'x64', libc: 'musl' })).toContain(
    'prebuilds/jpeg-turbo-linux-x64-musl/binding.node',
  );
});

it('code stays wherever it lies; what debuggers, compilers and readers want goes', () => {
  const code = ['dist/index.js', 'lib/linux/read.js', 'lib/docs/page.js', 'data.wasm', 'package.json'];
  const rest = ['dist/index.js.map', 'dist/index.d.ts', 'test/a.js', 'docs/a.js', 'src/a.cc', 'CHANGES.md'];
  expect(wanted([...code, 'LICENSE', ...rest])).toEqual([...code, 'LICENSE']);
});

it('the terms of a licence stay, and the README where they stand in there', () => {
  const terms = ['LICENSE.md', 'docs/NOTICE', 'COPYING', 'ThirdPartyNotices.txt'];
  expect(wanted([...terms, 'README.md'])).toEqual(terms);
  expect(wanted(['README.md', 'index.js'])).toEqual(['README.md', 'index.js']);
});

it('what Node-RED sends to browsers stays whole', () => {
  const files = ['public/types/node.d.ts', 'public/red/about.md', 'examples/flow.json'];
  expect(wanted([...files, 'public/red.js.map'], here, '@node-red/editor-client')).toEqual(files);
});

it('of the packages with models only the models of our manifests come, and no code', () => {
  const manifests = readdirSync(join(root, 'inference/models'))
    .map((name) => JSON.parse(readFileSync(join(root, 'inference/models', name), 'utf8')))
    .filter(({ package: holder }) => holder === 'faceplugin-face-recognition-js');
  expect(manifests.length).toBeGreaterThan(3);
  const models = manifests.map(({ file }) => file as string);
  expect(
    wanted(
      [...models, 'model/fr_age.onnx', 'model/fr_gender.onnx', 'index.js'],
      here,
      'faceplugin-face-recognition-js',
    ),
  ).toEqual(models);
});

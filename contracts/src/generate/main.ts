import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifacts } from './artifacts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
rmSync(join(root, 'contracts', 'generated'), { recursive: true, force: true });
for (const [path, content] of artifacts()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

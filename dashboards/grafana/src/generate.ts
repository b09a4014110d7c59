import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

/**
 * `node scripts/run.mjs dashboards/grafana/src/generate.ts` writes what `generated/` holds; a test fails when
 * it differs.
 */
for (const [path, content] of generatedFiles()) {
  const file = fileURLToPath(new URL(`../generated/${path}`, import.meta.url));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

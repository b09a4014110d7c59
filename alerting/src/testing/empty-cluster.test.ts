import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { embeddedStore } from './empty-cluster.ts';

test('an image that another process replaces meanwhile is still read', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = await embeddedStore();
  if (options.image === undefined) return context.skip();
  const image = join(folder, 'image.tar');
  copyFileSync(options.image, image);
  let opened = false;
  const store = openStore({ ...options, image }).finally(() => {
    opened = true;
  });
  while (!opened) {
    copyFileSync(options.image, `${image}.new`);
    renameSync(`${image}.new`, image);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await (await store).close();
});

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { makeFolders } from '@watchpost/service';
import {
  type Edit,
  editYaml,
  readVersion,
  readYaml,
  replaceVersion,
  serverFileName,
  siteFilePath,
} from '@watchpost/service/server-folder';
import { z } from 'zod';
import type { DemoFiles } from './prepare-demo.ts';

const source = fileURLToPath(new URL('../../../demo/', import.meta.url));

/**
 * The server folder of the demo: that of the checkout, copied into the data folder once; from then on it is
 * its owner’s to change.
 * @throws WatchpostError `config.data_folder`
 */
export function demoFolder(dataFolder: string): string {
  const folder = join(dataFolder, 'server');
  if (existsSync(folder)) return folder;
  const draft = `${folder}.new`;
  try {
    rmSync(draft, { recursive: true, force: true });
    makeFolders(join(draft, 'secrets'));
    for (const file of [serverFileName, siteFilePath('demo')]) {
      makeFolders(dirname(join(draft, file)));
      // Not copied with its permissions: the checkout may be read-only.
      writeFileSync(join(draft, file), readFileSync(join(source, file)), { mode: 0o640 });
    }
    renameSync(draft, folder);
  } catch (cause) {
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
  return folder;
}

/** As much of a site file as the demo’s own set-up looks at, whatever else stands in it. */
const looseSite = z.looseObject({
  devices: z
    .array(z.looseObject({ id: z.unknown(), kind: z.unknown(), connect: z.looseObject({}).optional() }))
    .catch([]),
  passes: z.looseObject({}).optional().catch(undefined),
});

/**
 * Writes into the demo’s site file what is made on this machine: where the clip of its camera lies, the pass
 * that its reader scans and whose passes the gate takes. What the owner set otherwise stays as it is.
 */
export async function writeDemoSettings(
  folder: string,
  site: string,
  { clip, passes, issuers }: DemoFiles,
): Promise<void> {
  const path = join(folder, siteFilePath(site));
  const version = readVersion(path);
  if (!version) return;
  const text = version.bytes.toString('utf8');
  const edits = demoEdits(text, { clip, pass: passes.valid, issuers });
  if (edits.length === 0) return;
  await replaceVersion({ path, text: editYaml(text, siteFilePath(site), edits), basedOn: version.digest });
}

function demoEdits(
  text: string,
  made: { readonly clip: string; readonly pass: string; readonly issuers: DemoFiles['issuers'] },
): Edit[] {
  const read = looseSite.safeParse(readYaml(Buffer.from(text), siteFilePath('demo')).value);
  if (!read.success) return [];
  const { devices, passes } = read.data;
  const edits: Edit[] = [];
  devices.forEach(({ id, connect }, index) => {
    if (id === 'gate-camera' && connect?.driver === 'file' && connect.url !== made.clip)
      edits.push({ path: ['devices', index, 'connect', 'url'], value: made.clip });
    if (id === 'gate-reader' && connect?.driver === 'simulator' && !isSame(connect.texts, [made.pass]))
      edits.push({ path: ['devices', index, 'connect', 'texts'], value: [made.pass] });
  });
  const known = Array.isArray(passes?.issuers) ? passes.issuers : [];
  const missing = made.issuers.filter((issuer) => !known.some((each) => isSame(each, issuer)));
  if (passes && missing.length > 0)
    edits.push({ path: ['passes', 'issuers'], value: [...known, ...missing] });
  return edits;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder in which this program lies: a checkout, or what `scripts/install.mjs` made. */
export const programFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** The file by which a folder is known as an installation. */
export const installationMark = 'installed.json';

/**
 * Whether we run from an installation. Nothing is ever written there, even by a user who could; a checkout
 * keeps what may be deleted in `node_modules/.cache`.
 */
export const isInstallation = existsSync(join(programFolder, installationMark));

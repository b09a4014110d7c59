import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInto, runInstalled } from '../../support/installation.ts';
import type { FieldBench } from '../field/field-bench.ts';
import type { Figure } from '../figure.ts';

/** Megabytes (2^20) of a folder, each file by its length: as `du -sm --apparent-size` counts. */
function megabytesOf(folder: string): number {
  const [size = ''] = execFileSync('du', ['-sm', '--apparent-size', folder], { encoding: 'utf8' }).split(
    '\t',
  );
  return Number(size);
}

/** How large what `scripts/install.mjs` makes is. Each installation must start, or it is no figure. */
export const installationSizes: FieldBench = {
  name: 'installation-sizes',
  figures: ['gateway_install_mb', 'server_install_mb', 'all_install_mb', 'flows_mb'],
  async run(say) {
    const place = mkdtempSync(join(tmpdir(), 'watchpost-sizes-'));
    const sizeOf = (args: readonly string[]): number => {
      say(`installing ${args.join(' ')}`);
      const folder = join(place, args.join(''));
      installInto(folder, args);
      runInstalled(join(folder, 'bin/watchpost'), ['--help']);
      const megabytes = megabytesOf(folder);
      rmSync(folder, { recursive: true, force: true });
      return megabytes;
    };
    const figure = (name: string, value: number): Figure => ({ figure: name, value, unit: 'MB', n: 1 });
    try {
      const all = sizeOf(['all']);
      return [
        figure('gateway_install_mb', sizeOf(['gateway'])),
        figure('server_install_mb', sizeOf(['server'])),
        figure('all_install_mb', all),
        figure('flows_mb', sizeOf(['all', '--with-flows']) - all),
      ];
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
};

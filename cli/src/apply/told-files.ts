import type { BrokenFile as AlertedFile } from '@watchpost/alerting';
import type { ComponentHealth } from '@watchpost/contracts/api';
import type { AppliedSites, BrokenFile } from './site-applier.ts';

/** What alerting is told of the files of a server folder. */
export interface ToldFiles {
  /** For the health page. */
  readonly siteFiles: ComponentHealth;
  /** For the health page: whether something counts from the next start only. */
  readonly restart: ComponentHealth;
  /** For the alerts: every file that has a mistake. */
  readonly brokenFiles: readonly AlertedFile[];
}

/** What alerting is told after the files were looked at. */
export function toldFiles({ broken, devicesOff, nextStart }: Omit<AppliedSites, 'sites'>): ToldFiles {
  return {
    siteFiles: brokenHealth(broken),
    restart: restartHealth(nextStart.length),
    brokenFiles: [
      ...broken.map((each) => alerted(each, 'version_before')),
      ...devicesOff.map((each) => alerted(each, 'devices_off')),
    ],
  };
}

/**
 * The page is public, and the name of a file or of what stands in it may tell of a site: only the first code
 * and how many files there are. The alert says which.
 */
function brokenHealth(broken: readonly BrokenFile[]): ComponentHealth {
  const [first] = broken;
  return first
    ? { status: 'degraded', error: first.mistake.code, details: { files: broken.length } }
    : { status: 'ok' };
}

/** As {@link brokenHealth}. */
function restartHealth(files: number): ComponentHealth {
  return files === 0
    ? { status: 'ok' }
    : { status: 'degraded', error: 'site.restart_needed', details: { files } };
}

function alerted({ site, mistake }: BrokenFile, reason: AlertedFile['reason']): AlertedFile {
  const { code: error, file, line } = mistake;
  return { ...(site === undefined ? {} : { site }), file, line, error, reason };
}

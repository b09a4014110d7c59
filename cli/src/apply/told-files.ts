import type { BrokenFile as AlertedFile } from '@watchpost/alerting';
import type { ComponentHealth } from '@watchpost/contracts/api';
import type { AppliedSites, BrokenFile } from './site-applier.ts';

/** What alerting is told of the files of a server folder. */
export interface ToldFiles {
  /** For the health page. */
  readonly siteFiles: ComponentHealth;
  /** For the alerts: every file that has a mistake. */
  readonly brokenFiles: readonly AlertedFile[];
}

/** What alerting is told after the files were looked at. */
export function toldFiles({ broken, devicesOff }: Pick<AppliedSites, 'broken' | 'devicesOff'>): ToldFiles {
  const [first] = broken;
  return {
    siteFiles: first ? brokenHealth(first) : { status: 'ok' },
    brokenFiles: [
      ...broken.map((each) => alerted(each, 'version_before')),
      ...devicesOff.map((each) => alerted(each, 'devices_off')),
    ],
  };
}

function brokenHealth({ site, mistake }: BrokenFile): ComponentHealth {
  const { code, file, line, column, path } = mistake;
  return {
    status: 'degraded',
    error: code,
    details: { ...(site ? { site } : {}), file, line, column, path },
  };
}

function alerted({ site, mistake }: BrokenFile, reason: AlertedFile['reason']): AlertedFile {
  const { code: error, file, line } = mistake;
  return { ...(site === undefined ? {} : { site }), file, line, error, reason };
}

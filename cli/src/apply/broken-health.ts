import type { ComponentHealth } from '@watchpost/contracts/api';
import type { BrokenFile } from './site-applier.ts';

/** What the health page says of a broken file: its code, file and line. */
export function brokenHealth({ site, mistake }: BrokenFile): ComponentHealth {
  const { code, file, line, column, path } = mistake;
  return {
    status: 'degraded',
    error: code,
    details: { ...(site ? { site } : {}), file, line, column, path },
  };
}

import { join } from 'node:path';
import { type SiteEditorAsk, siteEditorAskSchema, siteEditorLimits } from '@watchpost/contracts/api';
import { parseWith } from '@watchpost/contracts/wire';
import { type LocalServer, serveExchanges } from '@watchpost/service';
import { siteFilesPolicy } from './policy.ts';
import type { SiteFiles } from './site-files.ts';

/** Where alerting asks for the site files of the server that runs with a data folder. */
export const siteFilesSocket = (dataFolder: string): string => join(dataFolder, 'run', 'site-files.sock');

const limits = {
  valueBytes: siteEditorLimits.requestBytes,
  attachedBytes: 0,
  attachments: 0,
  arrivalMs: siteFilesPolicy.arrivalMs,
  connections: siteFilesPolicy.connections,
} as const;

/**
 * Answers alerting at a socket file of its owner: it has decided who may do what.
 * @param putIntoForce begins; nobody waits for it, because alerting may be started again
 * @throws WatchpostError `config.data_folder`
 */
export function serveSiteFiles(
  path: string,
  files: SiteFiles,
  putIntoForce: () => void,
): Promise<LocalServer> {
  return serveExchanges(path, limits, async ({ value }) => ({
    value: await answer(parseWith(siteEditorAskSchema, value, 'local.malformed'), files, putIntoForce),
    attachments: [],
  }));
}

async function answer(request: SiteEditorAsk, files: SiteFiles, putIntoForce: () => void): Promise<unknown> {
  switch (request.ask) {
    case 'read':
      return files.read(request.site);
    case 'plan':
      return files.plan(request.site, request);
    case 'apply':
      return files.apply(request.site, request);
    case 'keep_secret':
      return files.keepSecret(request.site, request.name, request.value);
    case 'write_rules':
      return files.writeRules(request.site, request);
    case 'put_into_force':
      putIntoForce();
      return null;
  }
}

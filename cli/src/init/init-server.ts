import { existsSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newLink } from '@watchpost/alerting/accounts';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ServerFile } from '@watchpost/contracts/site';
import { newTokenKey } from '@watchpost/identity';
import { authorityFolder, createAuthority } from '@watchpost/identity/authority';
import { makeWebRoot, renewWebCertificate, webFolder } from '@watchpost/identity/web';
import { lockFolder, makeFolders, replaceFileSync, replaceSecretFile } from '@watchpost/service';
import {
  readServerFolder,
  ruleSetPath,
  serverFileName,
  siteFilePath,
} from '@watchpost/service/server-folder';
import { firstOf } from '../server/first-mistake.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { serverPaths } from '../server/server-paths.ts';
import { firstLinkSecret } from '../start/first-link.ts';
import { consoleAddress, usualTls } from '../start/settings.ts';
import { certifiedNames } from './host-names.ts';
import { ownRuleSet, ruleSetText } from './rule-set-text.ts';
import { type ServerWords, serverFileText } from './server-file-text.ts';
import { type SiteWords, siteFileText } from './site-file-text.ts';
import { systemdUnit, sysusersFile, type UnitWords } from './systemd-unit.ts';

/** What a new server is made from. */
export interface InitWords extends ServerWords, Pick<UnitWords, 'command' | 'user' | 'groups'> {
  readonly site: SiteWords;
  /** Make the site although the server has others. */
  readonly isSiteNamed: boolean;
  /** Language of the comments in the files. */
  readonly chinese: boolean;
}

/** A file or folder of a server, from its folder. */
export interface InitStep {
  readonly path: string;
  readonly made: boolean;
}

/** What was done. */
export interface InitDone {
  readonly steps: readonly InitStep[];
  /** A one-time link that makes the first administrator. Secret. */
  readonly link?: { readonly url: string; readonly expires: string };
}

/**
 * Makes what a server folder lacks: its files, a site, secrets, authorities, the web server’s root and
 * certificate, and the files of the service manager. What is there is never changed, so it can be run again
 * at any time, also while the server runs.
 * @throws WatchpostError `init.not_empty`, `config.data_folder`, `site.*` for mistakes of files that are
 *   there, `tls.names_not_covered`. Errors of the file system pass through.
 */
export async function initServer(folder: string, words: InitWords, nowMs: number): Promise<InitDone> {
  refuseStrange(folder);
  const release = lockFolder(folder);
  try {
    return await makeMissing(folder, words, nowMs);
  } finally {
    release();
  }
}

/** Not in somebody’s home or in /etc because of a slip of the finger. */
function refuseStrange(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const isOurs = names.includes(serverFileName) || names.every((name) => /^\.|^in-use\.lock/.test(name));
  if (!isOurs) throw new WatchpostError('init.not_empty', { path: folder });
}

async function makeMissing(folder: string, words: InitWords, nowMs: number): Promise<InitDone> {
  const steps: InitStep[] = [];
  const inFolder = (path: string): string => join(folder, path);
  const file = (path: string, text: () => string, mode = 0o640): void => {
    const made = !existsSync(inFolder(path));
    if (made) {
      makeFolders(dirname(inFolder(path)));
      replaceFileSync(inFolder(path), text(), mode);
    }
    steps.push({ path, made });
  };
  // The first: from now on the folder is known as a server’s.
  file(serverFileName, () => serverFileText(words, words.chinese));
  const there = siteFolders(folder);
  const filesOf = (site: string) => [siteFilePath(site), ruleSetPath(site, ownRuleSet)] as const;
  if (words.isSiteNamed || there.length === 0) {
    const [site, rules] = filesOf(words.site.id);
    file(site, () => siteFileText(words.site, words.chinese));
    file(rules, () => ruleSetText(words.chinese));
  }
  for (const path of there.flatMap(filesOf))
    if (existsSync(inFolder(path)) && !steps.some((step) => step.path === path))
      steps.push({ path, made: false });
  makeFolders(inFolder('secrets'));
  const read = readServerFolder(folder, hardwareKinds(), nowMs);
  const { settings } = read.server;
  if (!settings) throw firstOf(read.mistakes);

  const paths = serverPaths(folder, settings);
  const made = !existsSync(inFolder('secrets/token-key'));
  if (made) replaceSecretFile(inFolder('secrets/token-key'), `${JSON.stringify(newTokenKey({}))}\n`);
  steps.push({ path: 'secrets/token-key', made });
  for (const site of read.sites.keys()) steps.push(await authorityOf(folder, site, nowMs));
  if (isOwnTls(settings)) steps.push(...(await ownWebCertificate(folder, settings, nowMs)));
  const unit = { ...words, folder, dataFolder: paths.data };
  file('systemd/watchpost.service', () => systemdUnit(unit), 0o644);
  file('systemd/watchpost.sysusers.conf', () => sysusersFile(unit), 0o644);
  return { steps, ...(existsSync(join(paths.data, 'store')) ? {} : firstLink(folder, settings, nowMs)) };
}

/**
 * A link for the first administrator of a server that has not run yet: its hash is taken over by the first
 * start. Once it has run, `up` and `user link` make one.
 */
function firstLink(folder: string, settings: ServerFile, nowMs: number): Pick<InitDone, 'link'> {
  const { token, expires, tokenHash } = newLink(nowMs);
  replaceSecretFile(join(folder, 'secrets', firstLinkSecret), JSON.stringify({ tokenHash, expires }));
  const { listen, names, publicUrl, trustedProxies } = settings;
  const { host, port } = listen.console;
  const tls = settings.tls ?? usualTls({ host, publicUrl, trustedProxies });
  const page = publicUrl ?? consoleAddress({ host, names, tls }, port);
  return { link: { url: `${page}/welcome#${token}`, expires } };
}

const isOwnTls = ({ tls, listen, publicUrl, trustedProxies }: ServerFile): boolean =>
  (tls ?? usualTls({ host: listen.console.host, publicUrl, trustedProxies })) === 'own';

const siteFolders = (folder: string): string[] =>
  existsSync(join(folder, 'sites'))
    ? readdirSync(join(folder, 'sites'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map(({ name }) => name)
    : [];

async function authorityOf(folder: string, site: string, nowMs: number): Promise<InitStep> {
  const path = join('authorities', site);
  const { certificate, key } = authorityFolder(join(folder, path));
  const made = !existsSync(certificate);
  // What a killed `init` left: a key without its certificate has certified nothing.
  if (made && existsSync(key)) renameSync(key, `${key}.unused`);
  if (made) await createAuthority(join(folder, path), site, nowMs);
  return { path, made };
}

/** The root and the certificate that browsers see. */
async function ownWebCertificate(folder: string, { names }: ServerFile, nowMs: number): Promise<InitStep[]> {
  const web = join(folder, 'web');
  const wanted = certifiedNames(names);
  const made = await makeWebRoot(web, wanted, nowMs);
  const isThere = existsSync(webFolder(web).server);
  await renewWebCertificate(web, wanted, nowMs);
  return [
    { path: join('web', 'root.pem'), made },
    { path: join('web', 'server.pem'), made: !isThere },
  ];
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeRed } from 'node-red';
import type { Logger } from 'pino';
import type { AlertFeeds } from './alert-feeds.ts';
import { nodeRedLogging } from './node-red-log.ts';
import { apiRoot, editorRoot } from './roots.ts';
import type { UserFolder } from './user-folder.ts';

/** Nodes that reach the computer itself rather than the site. */
const excludedNodes = ['90-exec.js', '10-file.js', '23-watch.js'];

/** Settings of the embedded Node-RED: nothing from or to the internet, no installing, no projects. */
export function nodeRedSettings(folder: UserFolder, feed: AlertFeeds, nodeRed: NodeRed, log: Logger): object {
  return {
    userDir: folder.path,
    // whole: a bare name would be looked for in the working directory first
    flowFile: join(folder.path, 'flows.json'),
    flowFilePretty: true,
    credentialSecret: folder.credentialSecret,
    httpAdminRoot: editorRoot,
    httpNodeRoot: apiRoot,
    nodesDir: [fileURLToPath(new URL('../nodes', import.meta.url))],
    nodesExcludes: excludedNodes,
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpload: false, allowUpdate: false },
      modules: { allowInstall: false },
    },
    functionExternalModules: false,
    functionTimeout: 10,
    functionGlobalContext: {},
    exportGlobalContextKeys: false,
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    telemetry: { enabled: false, updateNotification: false },
    // also a stored choice of a user cannot switch it on: a setting given here is read-only
    telemetryEnabled: false,
    logging: nodeRedLogging(log, nodeRed),
    paletteCategories: [
      'Watchpost',
      'subflows',
      'common',
      'function',
      'network',
      'sequence',
      'parser',
      'storage',
    ],
    editorTheme: {
      page: { title: 'Watchpost' },
      header: { title: 'Watchpost', image: null },
      tours: false,
      projects: { enabled: false },
      palette: { catalogues: [] },
      menu: { 'menu-item-help': false },
      codeEditor: { lib: 'monaco' },
    },
    // read by nodes/watchpost-alert-in.js; never sent to the editor
    alertFeed: feed,
  };
}

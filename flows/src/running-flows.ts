import { existsSync, renameSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import nodeRed, { type NodeRed } from 'node-red';
import type { Logger } from 'pino';
import { AlertFeed, type FeedState } from './alert-feed.ts';
import { AlertFeeds } from './alert-feeds.ts';
import type { FlowsConfig } from './config.ts';
import { nodeRedSettings } from './node-red-settings.ts';
import { ToldFile } from './told-file.ts';
import type { UserFolder } from './user-folder.ts';

/** Node-RED and the alerts of all sites for its nodes. Once in the life of a process. */
export class RunningFlows {
  readonly #folder: UserFolder;
  readonly #feed: AlertFeeds;
  readonly #log: Logger;
  #hasStarted = false;

  constructor(config: FlowsConfig, folder: UserFolder, log: Logger) {
    this.#folder = folder;
    this.#log = log;
    this.#feed = new AlertFeeds(
      [config, ...config.otherSites].map(
        ({ site, broker }) =>
          new AlertFeed({
            site,
            broker: withoutUndefined(broker),
            told: new ToldFile(toldPath(folder.path, site, config.otherSites.length === 0)),
            logger: log,
          }),
      ),
    );
  }

  get brokerState(): FeedState {
    return this.#feed.state;
  }

  /**
   * Settles when nodes are loaded; flows start right after, or not at all when one of their types is missing.
   * @param server what Node-RED believes to be the server
   */
  async start(server: Server): Promise<NodeRed> {
    nodeRed.init(server, nodeRedSettings(this.#folder, this.#feed, nodeRed, this.#log));
    this.#feed.start();
    this.#hasStarted = true;
    await nodeRed.start();
    return nodeRed;
  }

  async stop(): Promise<void> {
    await Promise.allSettled([this.#hasStarted ? nodeRed.stop() : undefined, this.#feed.stop()]);
  }
}

/** A file for each site. Before there were several it had none in its name. */
function toldPath(folder: string, site: string, isOnly: boolean): string {
  const path = join(folder, `told-alerts-${site}.jsonl`);
  const before = join(folder, 'told-alerts.jsonl');
  if (isOnly && existsSync(before) && !existsSync(path)) renameSync(before, path);
  return path;
}

const withoutUndefined = (broker: FlowsConfig['broker']) => ({
  url: broker.url,
  ...(broker.username === undefined ? {} : { username: broker.username }),
  ...(broker.password === undefined ? {} : { password: broker.password }),
});

import { isDeepStrictEqual } from 'node:util';
import type { LocalServer } from '@watchpost/service';
import type { Logger } from 'pino';
import { mistakeLines } from '../mistake-lines.ts';
import type { ServerFolder } from '../server/open-server-folder.ts';
import { serveSiteFiles, siteFilesSocket } from '../site-editing/serve-site-files.ts';
import { SiteFiles } from '../site-editing/site-files.ts';
import { type ServiceName, serviceOf } from '../start/node-options.ts';
import { controlSocket } from '../start/run-files.ts';
import type { ServiceSet } from '../start/service-set.ts';
import type { Texts } from '../texts.ts';
import { countsFromNextStart, LiveApply } from './live-apply.ts';
import { type AppliedSites, SiteApplier } from './site-applier.ts';
import type { SiteChanges } from './site-changes.ts';
import { type ToldFiles, toldFiles } from './told-files.ts';

export interface LiveSitesOptions {
  readonly folder: ServerFolder;
  /** The data folder, for the sockets on which we are asked. */
  readonly dataFolder: string;
  readonly isDemo: boolean;
  /** What has to read its configuration again when a site changes. */
  readonly services: Pick<ServiceSet, 'restart' | 'rewrite' | 'tellFiles'>;
  readonly texts: Texts;
  /** Says in one line what is broken. */
  readonly say: (line: string) => void;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** The sites of a running server: what is in force of them, and how a change of their files gets there. */
export class LiveSites {
  readonly #options: LiveSitesOptions;
  #inForce: ServerFolder['sites'];
  /** Unknown before the files were looked at: what is broken still is not over meanwhile. */
  #told: ToldFiles | undefined;
  #live: LiveApply | undefined;
  /** Where alerting asks for the site files. */
  #siteFiles: LocalServer | undefined;

  constructor(options: LiveSitesOptions) {
    this.#options = options;
    this.#inForce = options.folder.sites;
  }

  get inForce(): ServerFolder['sites'] {
    return this.#inForce;
  }

  /** Before the services that are made from it run: takes up what the start itself wrote into a site file. */
  readAgain(site: string): void {
    this.#inForce = new Map([...this.#inForce, [site, this.#options.folder.readAgain(site)]]);
  }

  /** From now on what the files say is put into force. @throws WatchpostError `config.data_folder` */
  async start(): Promise<void> {
    const { folder, dataFolder, nowMs, logger } = this.#options;
    const applier = new SiteApplier({
      running: this.#inForce,
      look: (site) => folder.look(site),
      lookAtServer: () => folder.lookAtServer(),
      put: (sites, changes) => this.#put(sites, changes),
      nextStart: countsFromNextStart(folder.path, [...folder.sites.keys()]),
      onApplied: (applied) => this.#tellFiles(applied),
      logger,
    });
    this.#live = new LiveApply({
      ...{ folder: folder.path, applier, logger },
      socket: controlSocket(dataFolder),
      onSave: folder.server.applyOnSave,
    });
    await this.#live.start();
    const files = new SiteFiles({ folder: folder.path, inForce: (site) => applier.inForce(site), nowMs });
    this.#siteFiles = await serveSiteFiles(siteFilesSocket(dataFolder), files, () => this.apply());
  }

  /** Puts what the site files say now into force; what fails is logged. */
  apply(): void {
    this.#live?.now();
  }

  async stop(): Promise<void> {
    await this.#siteFiles?.stop();
    await this.#live?.stop();
  }

  /** Alerting first: it must know a device before the device’s gateway speaks of it. */
  async #put(sites: ServerFolder['sites'], changes: readonly SiteChanges[]): Promise<void> {
    const { services } = this.#options;
    this.#inForce = sites;
    if (changes.some(({ alerting }) => alerting)) await services.restart('alerting');
    services.rewrite((name) =>
      changes.some(
        ({ site, permits, gateways }) =>
          (name === 'door' && (permits || gateways.length > 0)) ||
          gateways.some(({ gateway }) => this.#isGateway(name, site, gateway)),
      ),
    );
  }

  #isGateway(name: ServiceName, site: string, gateway: string): boolean {
    return serviceOf({ site, gateway }, false) === name || (this.#options.isDemo && name === 'edge');
  }

  #tellFiles(applied: AppliedSites): void {
    const { services, say, texts } = this.#options;
    const [first] = applied.broken;
    const before = this.#told;
    this.#told = toldFiles(applied);
    if (isDeepStrictEqual(before, this.#told)) return;
    services.tellFiles(this.#told);
    if (first && !isDeepStrictEqual(before?.siteFiles, this.#told.siteFiles))
      say(mistakeLines(first.mistake, texts));
  }
}

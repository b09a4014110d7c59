import type { Alert } from '@watchpost/contracts/alert';
import type { AlertDetail, SeenVersions } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { ApiProblem } from '../api/ask.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import type { Connection, StreamWord } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { apiQueryOf, fits, isOfServer, type QueueFilter, wholeQueue } from '../routes/queue-filter.ts';
import { isNews } from './alert-news.ts';
import type { Attention } from './alert-order.ts';
import { AlertQueue } from './alert-queue.ts';
import type { AlertWindow } from './alert-window.ts';
import { mergeGateway } from './device-states.ts';
import { loadWindow } from './load-window.ts';
import { NearSite } from './near-site.ts';
import type { StreamListener } from './shared-stream.ts';
import type { SiteClock } from './site-clock.ts';
import { emptyView, type SiteView } from './site-view.ts';
import { type Pace, type Steady, steady } from './steady.ts';

export interface SiteWatchOptions {
  readonly api: ConsoleApi;
  /** Makes the stream that tells the listener; it is started and stopped with the watch. */
  readonly stream: (listener: StreamListener) => { start(): void; stop(): void };
  readonly clock: Pick<SiteClock, 'heard' | 'nowMs'>;
  /** The sites that the person may see. */
  readonly sites: readonly string[];
  /** Whether the person may see what was refused on a site. */
  readonly readsRejects: (site: string) => boolean;
  /** The session ended. */
  readonly onSignedOut: () => void;
  /** Alerts that came over the stream and want to be heard of. */
  readonly onNews: (alert: Alert) => void;
}

/** Keeps a {@link SiteView} up to date between start and stop. */
export class SiteWatch {
  readonly #options: SiteWatchOptions;
  readonly #stream: { start(): void; stop(): void };
  readonly #readers = new Set<() => void>();
  readonly #queue = new AlertQueue();
  #view = emptyView;
  /** The site whose alerts the lists hold; null for all. */
  #chosen: string | null = null;
  /** What of them. */
  #filter: QueueFilter = wholeQueue;
  #selectedId: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #first: ReturnType<typeof setTimeout> | undefined;
  /** Lists whose end was on the screen while everything was loaded. */
  readonly #awaited = new Set<Attention>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** The sites are those that the server had when it was asked the last time. */
  #sitesKept = false;
  #running = false;
  #loading = false;
  #again = false;
  readonly #growing = new Set<Attention>();
  readonly #draw: Steady;
  /** Something changed that only the server can tell to fit the filter. */
  readonly #refit: Steady;
  readonly #near: NearSite;

  constructor(options: SiteWatchOptions) {
    this.#options = options;
    this.#draw = steady(consolePolicy.drawNews, () => {
      for (const reader of this.#readers) reader();
    });
    this.#refit = steady(consolePolicy.refit, () => void this.reload());
    this.#near = new NearSite(options.sites[0] ?? null, {
      api: options.api,
      named: (site) => this.#named(site),
      readsRejects: options.readsRejects,
      onHeat: (heat) => this.#change({ heat }),
      onRejects: (rejects) => this.#change({ rejects }),
      // The map has a pace of its own: it makes nobody load the lists anew.
      onProblem: (problem) => this.#failed(problem, false),
    });
    this.#stream = options.stream({
      connection: (connection) => this.#connection(connection),
      word: (word) => this.#hear(word),
    });
  }

  start(): void {
    this.#running = true;
    // The stream's hello asks for the lists. A tab that does not hold the stream gets none, and a slow one
    // may be late.
    this.#first = setTimeout(() => void this.reload(), consolePolicy.firstLoadMs);
    this.#stream.start();
    this.#timer = setInterval(() => void this.reload(), consolePolicy.reloadEveryMs);
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#first);
    clearTimeout(this.#retry);
    clearInterval(this.#timer);
    this.#stream.stop();
    this.#draw.stop();
    this.#refit.stop();
    this.#near.stop();
  }

  /** For React's useSyncExternalStore. */
  readonly subscribe = (reader: () => void): (() => void) => {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  };
  readonly view = (): SiteView => this.#view;

  /** Loads everything. One loading at a time; a call meanwhile makes one more afterwards. */
  async reload(): Promise<void> {
    clearTimeout(this.#first);
    clearTimeout(this.#retry);
    this.#again = this.#loading;
    if (this.#loading) return;
    this.#loading = true;
    this.#queue.expect();
    const { api } = this.#options;
    const [chosen, filter] = [this.#chosen, this.#filter];
    try {
      const [waiting, in_work, done, sites, gateways] = await Promise.all([
        this.#load('waiting'),
        this.#load('in_work'),
        this.#load('done'),
        this.#loadSites(),
        api.gateways(),
        this.#near.load(),
        this.#loadCounts(),
      ]);
      // Of another site than is shown by now: it is loaded again at once.
      if (chosen === this.#chosen && filter === this.#filter) {
        this.#change({ sites, gateways: gateways.gateways, loaded: true, problem: null });
        this.#queue.replace({ waiting, in_work, done });
        this.#showQueue();
      }
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#loading = false;
    }
    if (this.#again) await this.reload();
    // Nobody scrolls a second time to where they are.
    const awaited = [...this.#awaited];
    this.#awaited.clear();
    for (const attention of awaited) void this.more(attention);
  }

  /** Shows the alerts of one site, or of all; what happens on the others is still heard. */
  choose(site: string | null): void {
    if (this.#chosen === site) return;
    this.#chosen = site;
    this.#queue.clear();
    this.#change({ queue: this.#queue.lists, loaded: false });
    if (this.#running) void this.reload();
  }

  /** Shows what fits a filter; all is still heard. */
  narrow(filter: QueueFilter): void {
    if (this.#filter === filter) return;
    this.#filter = filter;
    const isServers = isOfServer(filter);
    this.#queue.clear((alert, isListed) => fits(filter, alert) && (isListed || !isServers));
    const totals = filter === wholeQueue ? null : { waiting: 0, in_work: 0, done: 0 };
    this.#change({ queue: this.#queue.lists, totals, loaded: false });
    if (this.#running) void this.reload();
  }

  /** Map and refused messages are shown of this site. */
  near(site: string | null): void {
    if (!this.#near.move(site) || !this.#running) return;
    this.#near.load().catch(this.#failed);
  }

  /** The map is that of this plan of the site; null: of its first. */
  turn(plan: string | null): void {
    if (this.#running) this.#near.turn(plan);
  }

  /** The rows of a list are nearly all on the screen: its next page is loaded. */
  async more(attention: Attention): Promise<void> {
    const { next } = this.#queue.lists[attention];
    if (next === null || this.#growing.has(attention)) return;
    if (this.#loading) {
      this.#awaited.add(attention);
      return;
    }
    this.#growing.add(attention);
    this.#queue.grow(attention);
    try {
      if (next === undefined) await this.reload();
      else {
        const page = await this.#options.api.alerts(
          ...([attention, consolePolicy.pageSize, next, this.#chosen] as const),
          apiQueryOf(this.#filter),
        );
        this.#queue.append(attention, next, page.alerts, page.next);
        this.see(page.seen);
        this.#showQueue();
      }
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#growing.delete(attention);
    }
  }

  /** The queue is looked at from the top again: what was scrolled to is let go. */
  forget(): void {
    if (this.#queue.shorten()) this.#change({ queue: this.#queue.lists });
  }

  /** Keeps this alert at hand, whether it is in a list or not. */
  select(id: string | null): void {
    if (this.#selectedId === id) return;
    this.#selectedId = id;
    this.#change({ selected: id === null ? undefined : this.known(id) });
  }

  /** The person has seen these alerts up to these versions. */
  see(versions: SeenVersions = {}): void {
    const { seen } = this.#view;
    const news = Object.entries(versions).filter(([id, version]) => version > (seen.get(id) ?? 0));
    if (news.length > 0) this.#change({ seen: new Map([...seen, ...news]) });
  }

  /** The person has taken that back. */
  unsee(ids: readonly string[]): void {
    const seen = new Map(this.#view.seen);
    for (const id of ids) seen.delete(id);
    this.#change({ seen });
  }

  /** Takes over what the API answered about one alert. */
  accept(detail: AlertDetail): void {
    this.#take(detail.alert, this.known(detail.alert.id));
  }

  #load(attention: Attention): Promise<AlertWindow> {
    const { api, clock } = this.#options;
    const [site, filter] = [this.#chosen, this.#filter];
    return loadWindow(api, {
      attention,
      rows: this.#queue.wanted(attention),
      ...{ site, filter: apiQueryOf(filter) },
      onPage: ({ time, counts, seen, total }) => {
        clock.heard(time);
        this.see(seen);
        const { totals } = this.#view;
        if (totals && filter === this.#filter)
          this.#change({ totals: { ...totals, [attention]: total ?? 0 } });
        if (this.#chosen === null) this.#change({ counts });
      },
    });
  }

  /** Lists of one site do not say how much there is on the others. */
  async #loadCounts(): Promise<void> {
    if (this.#chosen === null) return;
    const { counts } = await this.#options.api.alerts('waiting', 1, null, null);
    this.#change({ counts });
  }

  async #loadSites(): Promise<ReadonlyMap<string, Site>> {
    const { api, sites } = this.#options;
    const known: ReadonlyMap<string, Site> = this.#sitesKept ? this.#view.sites : new Map();
    this.#sitesKept = true;
    const loaded = await Promise.all(
      sites.map(
        async (id): Promise<[string, Site]> => [id, known.get(id) ?? (await api.site(this.#named(id)))],
      ),
    );
    return new Map(loaded);
  }

  /** Who sees one site only need not name it. */
  #named(site: string): string | null {
    return this.#options.sites.length > 1 ? site : null;
  }

  #showQueue(): void {
    this.#change({ queue: this.#queue.lists });
    if (this.#selectedId !== null) this.#change({ selected: this.known(this.#selectedId) });
  }

  /** The newest version of an alert that this page has. */
  known(id: string): Alert | undefined {
    const { selected } = this.#view;
    const listed = this.#queue.known(id);
    if (selected?.id !== id) return listed;
    return listed && listed.version > selected.version ? listed : selected;
  }

  /** Takes a version of an alert in, unless a newer one is known, and has it drawn at that pace. */
  #take(alert: Alert, known: Alert | undefined, pace?: Pace): void {
    const newest = known && known.version >= alert.version ? known : alert;
    if (this.#selectedId === alert.id && this.#view.selected !== newest)
      this.#change({ selected: newest }, pace);
    if (newest === known) return;
    if (this.#chosen !== null && alert.site !== this.#chosen) return;
    this.#queue.put(alert);
    if (isOfServer(this.#filter)) this.#refit.soon();
    this.#change({ queue: this.#queue.lists }, pace);
  }

  #hearAlert(alert: Alert): void {
    const known = this.known(alert.id);
    const news = isNews(alert, known);
    // A further event of an alert that is there changes a number and a time; what somebody did is seen at
    // once.
    const presses = news || known?.state !== alert.state;
    this.#take(alert, known, presses ? consolePolicy.drawNews : consolePolicy.drawEvents);
    if (news) this.#options.onNews(alert);
  }

  #hear({ name, payload }: StreamWord): void {
    const { clock } = this.#options;
    if (name === 'hello' || name === 'heartbeat') clock.heard(payload.time);
    switch (name) {
      case 'hello':
        // The server may have started with another site file.
        this.#sitesKept = false;
        if (!payload.resumed || this.#view.problem !== null) void this.reload();
        else this.#loadSites().then(this.#showSites, this.#failed);
        break;
      case 'alert':
        this.#hearAlert(payload);
        break;
      case 'counts':
        this.#change({ counts: payload }, consolePolicy.drawNumbers);
        break;
      case 'gateway':
        this.#change({ gateways: mergeGateway(this.#view.gateways, payload) }, consolePolicy.drawNumbers);
        break;
      case 'heat':
        this.#near.heatChanged(payload.site);
        break;
      case 'seen':
        this.unsee(payload.forgotten);
        this.see(payload.versions ?? {});
        if (payload.versions === null) {
          this.unsee([...this.#view.seen.keys()]);
          void this.reload();
        }
        break;
      case 'heartbeat':
        break;
    }
    // Without a new view: nothing is drawn from it while the connection is live.
    this.#view = { ...this.#view, heardMs: clock.nowMs() };
  }

  #connection(connection: Connection): void {
    this.#change({ connection });
    if (connection === 'lost') void this.#options.api.session().catch(this.#failed);
  }

  readonly #showSites = (sites: ReadonlyMap<string, Site>): void => this.#change({ sites });

  readonly #failed = (problem: unknown, again = true): void => {
    if (problem instanceof ApiProblem && problem.status === 401) this.#options.onSignedOut();
    this.#sitesKept = false;
    this.#change({ problem: problem instanceof ApiProblem ? problem.code : 'console.answer' });
    if (!again || !this.#running) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.reload(), consolePolicy.reloadAfterProblemMs);
  };

  #change(part: Partial<SiteView>, pace?: Pace): void {
    this.#view = { ...this.#view, ...part };
    this.#draw.soon(pace);
  }
}

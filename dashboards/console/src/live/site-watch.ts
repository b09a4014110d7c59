import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts, AlertDetail, GatewayStatus, HeatMap, RejectList } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { ApiProblem, type ConsoleApi } from '../api/console-api.ts';
import type { Connection, StreamWord } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { type Attention, attentionOf, attentions, orderIn } from './alert-order.ts';
import { type AlertWindow, appendPage, cutWindow, emptyWindow, putAlert } from './alert-window.ts';
import { mergeGateway } from './device-states.ts';
import type { StreamListener } from './shared-stream.ts';
import type { SiteClock } from './site-clock.ts';
import { type Pace, type Steady, steady } from './steady.ts';

/** The beginning of each list of alerts. */
export type Queue = Readonly<Record<Attention, AlertWindow>>;

/** All that the screen is drawn from. Immutable: every change makes a new one. */
export interface SiteView {
  /** What is known of the sites that the person may see, by their ids. */
  readonly sites: ReadonlyMap<string, Site>;
  readonly queue: Queue;
  /**
   * What the server counts on all sites, whatever part of it the queue holds; null until the first answer.
   */
  readonly counts: AlertCounts | null;
  /** The alert that {@link SiteWatch.select} asked for. */
  readonly selected: Alert | undefined;
  readonly gateways: readonly GatewayStatus[];
  readonly heat: HeatMap | null;
  readonly rejects: RejectList | null;
  readonly connection: Connection;
  /** When the server was last heard, by the site's clock, milliseconds since the epoch. */
  readonly heardMs: number | null;
  /** False until the first lists came: an empty list then means quiet, not unknown. */
  readonly loaded: boolean;
  /** Code of what went wrong with the last loading. */
  readonly problem: string | null;
}

const emptyView: SiteView = {
  sites: new Map(),
  queue: { waiting: emptyWindow, in_work: emptyWindow, done: emptyWindow },
  counts: null,
  selected: undefined,
  gateways: [],
  heat: null,
  rejects: null,
  connection: 'connecting',
  heardMs: null,
  loaded: false,
  problem: null,
};

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

/** Changes that are remembered while lists are on their way. */
const recentAtMost = 2_000;

/**
 * Whether a person wants to hear of this version of an alert: it opened, opened again, or changed its
 * severity.
 */
function isNews(alert: Alert, known: Alert | undefined): boolean {
  if (alert.state !== 'open') return false;
  if (known) return known.state !== 'open' || known.severity !== alert.severity;
  const { changedIn, version } = alert;
  return version === 1 || changedIn?.state === version || changedIn?.severity === version;
}

/** Keeps a {@link SiteView} up to date between start and stop. */
export class SiteWatch {
  readonly #options: SiteWatchOptions;
  readonly #stream: { start(): void; stop(): void };
  readonly #readers = new Set<() => void>();
  /** How many rows each list was asked for. */
  readonly #wanted: Record<Attention, number> = { waiting: 0, in_work: 0, done: 0 };
  /** What the stream and steps said since the loading in progress began: the lists may be older. */
  #recent = new Map<string, Alert>();
  #view = emptyView;
  /** The site whose alerts the lists hold; null for all. */
  #chosen: string | null = null;
  /** The site of which map and refused messages are shown. */
  #near: string | null;
  #selectedId: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #first: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #loading = false;
  #again = false;
  readonly #growing = new Set<Attention>();
  readonly #draw: Steady;
  readonly #heat: Steady;

  constructor(options: SiteWatchOptions) {
    this.#options = options;
    this.#near = options.sites[0] ?? null;
    this.#draw = steady(consolePolicy.drawNews, () => {
      for (const reader of this.#readers) reader();
    });
    this.#heat = steady(consolePolicy.heatPace, () => void this.#loadHeat());
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
    clearInterval(this.#timer);
    this.#stream.stop();
    this.#draw.stop();
    this.#heat.stop();
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
    this.#again = this.#loading;
    if (this.#loading) return;
    this.#loading = true;
    this.#recent = new Map();
    const { api } = this.#options;
    const chosen = this.#chosen;
    try {
      this.#heat.soon();
      const [waiting, in_work, done, sites, gateways, rejects] = await Promise.all([
        this.#load('waiting'),
        this.#load('in_work'),
        this.#load('done'),
        this.#loadSites(),
        api.gateways(),
        this.#loadRejects(),
        this.#loadCounts(),
      ]);
      // Of another site than is shown by now: it is loaded again at once.
      if (chosen === this.#chosen) {
        this.#change({ sites, gateways: gateways.gateways, rejects, loaded: true, problem: null });
        this.#takeQueue({ waiting, in_work, done });
      }
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#loading = false;
    }
    if (this.#again) await this.reload();
  }

  /** Shows the alerts of one site, or of all; what happens on the others is still heard. */
  choose(site: string | null): void {
    if (this.#chosen === site) return;
    this.#chosen = site;
    for (const attention of attentions) this.#wanted[attention] = consolePolicy.pageSize;
    this.#change({ queue: emptyView.queue, loaded: false });
    if (this.#running) void this.reload();
  }

  /** Map and refused messages are shown of this site. */
  near(site: string | null): void {
    if (this.#near === site) return;
    this.#near = site;
    this.#change({ heat: null, rejects: null });
    if (!this.#running) return;
    this.#heat.soon();
    void this.#loadRejects().then(
      (rejects) => {
        if (this.#near === site) this.#change({ rejects });
      },
      (problem) => this.#failed(problem),
    );
  }

  /** The rows of a list are nearly all on the screen: its next page is loaded. */
  async more(attention: Attention): Promise<void> {
    const { next } = this.#view.queue[attention];
    if (next === null || this.#loading || this.#growing.has(attention)) return;
    this.#growing.add(attention);
    this.#wanted[attention] = Math.max(this.#wanted[attention], this.#view.queue[attention].rows.length);
    this.#wanted[attention] += consolePolicy.pageSize;
    try {
      if (next === undefined) await this.reload();
      else {
        const page = await this.#options.api.alerts(attention, consolePolicy.pageSize, next, this.#chosen);
        const window = this.#view.queue[attention];
        // It was loaded anew meanwhile: what was asked for belongs to another end.
        if (window.next === next) {
          this.#takeQueue({ ...this.#view.queue, [attention]: appendPage(window, page.alerts, page.next) });
        }
      }
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#growing.delete(attention);
    }
  }

  /** The queue is looked at from the top again: what was scrolled to is let go. */
  forget(): void {
    if (attentions.every((attention) => this.#wanted[attention] <= consolePolicy.pageSize)) return;
    for (const attention of attentions) this.#wanted[attention] = consolePolicy.pageSize;
    this.#change({ queue: this.#cut(this.#view.queue) });
  }

  /** Keeps this alert at hand, whether it is in a list or not. */
  select(id: string | null): void {
    if (this.#selectedId === id) return;
    this.#selectedId = id;
    this.#change({ selected: id === null ? undefined : this.#known(id) });
  }

  /** Takes over what the API answered about one alert. */
  accept(detail: AlertDetail): void {
    this.#take(detail.alert, this.#known(detail.alert.id));
  }

  async #load(attention: Attention): Promise<AlertWindow> {
    const { api, clock } = this.#options;
    const wanted = Math.max(consolePolicy.pageSize, this.#wanted[attention]);
    this.#wanted[attention] = wanted;
    let window: AlertWindow = emptyWindow;
    do {
      const page = await api.alerts(
        attention,
        Math.min(500, wanted - window.rows.length),
        window.next ?? null,
        this.#chosen,
      );
      clock.heard(page.time);
      if (this.#chosen === null) this.#change({ counts: page.counts });
      window = appendPage(window, page.alerts, page.next);
      if (page.alerts.length === 0) break;
    } while (window.next && window.rows.length < wanted);
    return window;
  }

  /** Lists of one site do not say how much there is on the others. */
  async #loadCounts(): Promise<void> {
    if (this.#chosen === null) return;
    const { counts } = await this.#options.api.alerts('waiting', 1, null, null);
    this.#change({ counts });
  }

  async #loadSites(): Promise<ReadonlyMap<string, Site>> {
    const { api, sites } = this.#options;
    const known = this.#view.sites;
    const loaded = await Promise.all(
      sites.map(
        async (id): Promise<[string, Site]> => [id, known.get(id) ?? (await api.site(this.#named(id)))],
      ),
    );
    return new Map(loaded);
  }

  async #loadRejects(): Promise<RejectList | null> {
    const site = this.#near;
    if (site === null || !this.#options.readsRejects(site)) return null;
    return this.#options.api.rejects(this.#named(site));
  }

  /** Who sees one site only need not name it. */
  #named(site: string): string | null {
    return this.#options.sites.length > 1 ? site : null;
  }

  /** Takes freshly loaded lists, and puts upon them what was heard while they were on their way. */
  #takeQueue(queue: Queue): void {
    const now = [...this.#recent.values()].reduce(put, queue);
    this.#change({ queue: this.#cut(now) });
    if (this.#selectedId !== null) this.#change({ selected: this.#known(this.#selectedId) });
  }

  #cut(queue: Queue): Queue {
    const most = (attention: Attention) => this.#wanted[attention] + consolePolicy.pageSize;
    const cut = Object.fromEntries(
      attentions.map((attention) => [attention, cutWindow(queue[attention], most(attention))]),
    );
    return cut as unknown as Queue;
  }

  /** The newest version of an alert that this page has. */
  #known(id: string): Alert | undefined {
    const { queue, selected } = this.#view;
    const found = [
      this.#recent.get(id),
      selected?.id === id ? selected : undefined,
      ...attentions.map((attention) => queue[attention].rows.find((row) => row.id === id)),
    ].filter((alert) => alert !== undefined);
    return found.sort((left, right) => right.version - left.version)[0];
  }

  /** Takes a version of an alert in, unless a newer one is known, and has it drawn at that pace. */
  #take(alert: Alert, known: Alert | undefined, pace?: Pace): void {
    const newest = known && known.version >= alert.version ? known : alert;
    if (this.#selectedId === alert.id && this.#view.selected !== newest)
      this.#change({ selected: newest }, pace);
    if (newest === known) return;
    if (this.#chosen !== null && alert.site !== this.#chosen) return;
    this.#recent.set(alert.id, alert);
    // A storm must not fill the page's memory; what is dropped here is loaded again by and by.
    if (this.#recent.size > recentAtMost) this.#recent.delete(this.#recent.keys().next().value ?? '');
    this.#change({ queue: this.#cut(put(this.#view.queue, alert)) }, pace);
  }

  #hearAlert(alert: Alert): void {
    const known = this.#known(alert.id);
    const news = (known?.version ?? 0) < alert.version && isNews(alert, known);
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
        if (!payload.resumed) void this.reload();
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
        if (payload.site === this.#near) this.#heat.soon();
        break;
      case 'heartbeat':
        break;
    }
    // Without a new view: nothing is drawn from it while the connection is live.
    this.#view = { ...this.#view, heardMs: clock.nowMs() };
  }

  #connection(connection: Connection): void {
    this.#change({ connection });
    if (connection === 'lost') void this.#options.api.session().catch((problem) => this.#failed(problem));
  }

  async #loadHeat(): Promise<void> {
    const site = this.#near;
    if (site === null) return;
    try {
      const heat = await this.#options.api.heat(this.#named(site));
      if (this.#near === site) this.#change({ heat });
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #failed(problem: unknown): void {
    if (problem instanceof ApiProblem && problem.status === 401) this.#options.onSignedOut();
    this.#change({ problem: problem instanceof ApiProblem ? problem.code : 'console.answer' });
  }

  #change(part: Partial<SiteView>, pace?: Pace): void {
    this.#view = { ...this.#view, ...part };
    this.#draw.soon(pace);
  }
}

/** Puts a changed alert into the list where it belongs, and takes it out of the others. */
function put(queue: Queue, alert: Alert): Queue {
  const belongsTo = attentionOf(alert.state);
  let next = queue;
  for (const attention of attentions) {
    const window = putAlert(queue[attention], alert, attention === belongsTo, orderIn[attention]);
    if (window !== queue[attention]) next = { ...next, [attention]: window };
  }
  return next;
}

import type { Alert, AlertDetail, GatewayStatus, HeatMap, RejectList, Site } from '@watchpost/contracts';
import { ApiProblem, type ConsoleApi } from '../api/console-api.ts';
import type { Connection, StreamListener } from '../api/event-stream.ts';
import { type AlertBook, emptyBook, isNews, mergeAlert, reloadBook } from '../domain/alert-book.ts';
import { mergeGateway } from '../domain/device-states.ts';

/** All that the screen is drawn from. Immutable: every change makes a new one. */
export interface SiteView {
  readonly site: Site | null;
  readonly book: AlertBook;
  readonly gateways: readonly GatewayStatus[];
  readonly heat: HeatMap | null;
  readonly rejects: RejectList | null;
  readonly connection: Connection;
  /** When the lists were last known to be right, milliseconds since the epoch. */
  readonly freshMs: number | null;
  /** False until the first list came: an empty list then means quiet, not unknown. */
  readonly loaded: boolean;
  /** Code of what went wrong with the last loading. */
  readonly problem: string | null;
}

const emptyView: SiteView = {
  site: null,
  book: emptyBook,
  gateways: [],
  heat: null,
  rejects: null,
  connection: 'connecting',
  freshMs: null,
  loaded: false,
  problem: null,
};

/** A connection can die without a sign (a sleeping tablet, a dropped NAT entry), so the lists are loaded now and then. */
const reloadEveryMs = 60_000;

export interface SiteWatchOptions {
  readonly api: ConsoleApi;
  /** Makes the stream that tells the listener; it is started and stopped with the watch. */
  readonly stream: (listener: StreamListener) => { start(): void; stop(): void };
  readonly nowMs: () => number;
  readonly readsRejects: boolean;
  /** The session ended. */
  readonly onSignedOut: () => void;
  /** Alerts that came over the stream and want to be heard. */
  readonly onNews: (alert: Alert) => void;
}

/** Keeps a {@link SiteView} up to date between start and stop. */
export class SiteWatch {
  readonly #options: SiteWatchOptions;
  readonly #stream: { start(): void; stop(): void };
  readonly #readers = new Set<() => void>();
  #view = emptyView;
  #timer: ReturnType<typeof setInterval> | undefined;
  #loading = false;
  #again = false;

  constructor(options: SiteWatchOptions) {
    this.#options = options;
    this.#stream = options.stream({
      connection: (connection) => this.#connection(connection),
      hello: () => void this.reload(),
      alert: (alert) => this.#alert(alert),
      gateway: (status) => this.#change({ gateways: mergeGateway(this.#view.gateways, status) }),
      heat: () => void this.#loadHeat(),
    });
  }

  start(): void {
    void this.reload();
    this.#stream.start();
    this.#timer = setInterval(() => void this.reload(), reloadEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stream.stop();
  }

  /** For React's useSyncExternalStore. */
  readonly subscribe = (reader: () => void): (() => void) => {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  };
  readonly view = (): SiteView => this.#view;

  /** Loads everything. One loading at a time; a call meanwhile makes one more afterwards. */
  async reload(): Promise<void> {
    this.#again = this.#loading;
    if (this.#loading) return;
    this.#loading = true;
    const sinceMark = this.#view.book.mark;
    const { api, readsRejects } = this.#options;
    try {
      const [listed, site, gateways, heat, rejects] = await Promise.all([
        api.alerts(),
        this.#view.site ?? api.site(),
        api.gateways(),
        api.heat(),
        readsRejects ? api.rejects() : null,
      ]);
      const book = reloadBook(this.#view.book, listed.alerts, sinceMark, listed.complete);
      this.#change({
        book,
        site,
        gateways: gateways.gateways,
        heat,
        rejects,
        loaded: true,
        freshMs: this.#options.nowMs(),
        problem: null,
      });
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#loading = false;
    }
    if (this.#again) await this.reload();
  }

  /** Takes over what the API answered about one alert. */
  accept(detail: AlertDetail): void {
    this.#change({ book: mergeAlert(this.#view.book, detail.alert) });
  }

  #alert(alert: Alert): void {
    const before = this.#view.book;
    const book = mergeAlert(before, alert);
    if (book === before) return;
    this.#change({ book, freshMs: this.#options.nowMs() });
    if (isNews(before, alert)) this.#options.onNews(alert);
  }

  #connection(connection: Connection): void {
    this.#change({ connection });
    if (connection === 'lost') void this.#options.api.session().catch((problem) => this.#failed(problem));
  }

  async #loadHeat(): Promise<void> {
    try {
      this.#change({ heat: await this.#options.api.heat() });
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #failed(problem: unknown): void {
    if (problem instanceof ApiProblem && problem.status === 401) this.#options.onSignedOut();
    this.#change({ problem: problem instanceof ApiProblem ? problem.code : 'console.answer' });
  }

  #change(part: Partial<SiteView>): void {
    this.#view = { ...this.#view, ...part };
    for (const reader of this.#readers) reader();
  }
}

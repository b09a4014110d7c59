import type { AlertFeed, AlertListener, FeedState } from './alert-feed.ts';
import type { AlertFilter } from './domain/alert-filter.ts';

type Feed = Pick<AlertFeed, 'start' | 'stop' | 'state' | 'subscribe'>;

/** What is worth knowing first. */
const worstFirst: readonly FeedState[] = ['refused', 'connecting', 'connected'];

/**
 * The alerts of all sites of the server for the nodes: one connection for each site. An alert says its site.
 */
export class AlertFeeds implements Feed {
  readonly #feeds: readonly Feed[];

  /** One feed for each site, at least one. */
  constructor(feeds: readonly Feed[]) {
    this.#feeds = feeds;
  }

  /** That of the site with which it is worst. */
  get state(): FeedState {
    return worstFirst.find((state) => this.#feeds.some((feed) => feed.state === state)) ?? 'connecting';
  }

  start(): void {
    for (const feed of this.#feeds) feed.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
  }

  subscribe(filter: AlertFilter, listener: AlertListener): () => void {
    const leave = this.#feeds.map((feed) =>
      feed.subscribe(filter, {
        change: (change) => listener.change(change),
        problem: (error) => listener.problem(error),
        state: () => listener.state(this.state),
      }),
    );
    return () => {
      for (const end of leave) end();
    };
  }
}

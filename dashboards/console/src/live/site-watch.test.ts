import type { Alert } from '@watchpost/contracts/alert';
import type { AlertCounts, AlertPage } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../api/ask.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import type { StreamWord } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { testAlert } from '../test-alerts.ts';
import { type Attention, attentionOf, attentions, orderIn } from './alert-order.ts';
import type { StreamListener } from './shared-stream.ts';
import { SiteWatch, type SiteWatchOptions } from './site-watch.ts';

const site = { id: 'demo', gateways: [], devices: [] } as unknown as Site;
const nothing = () => Promise.reject(new ApiProblem('api.not_found', '', 404));

const counts: AlertCounts = {
  bySeverity: { low: 0, medium: 0, high: 0, critical: 0 },
  byState: { open: 0, acknowledged: 0, in_progress: 0, resolved: 0 },
  waiting: { low: 0, medium: 0, high: 0, critical: 0 },
  devices: [],
};
const time = '2026-11-01T08:00:00.000Z';

/** A server in memory whose lists answer only when the test says so; its cursors are places in the list. */
class TestServer implements ConsoleApi {
  listings = 0;
  heats = 0;
  stored: Alert[] = [];
  seen: Record<string, number> = {};
  failure: ApiProblem | undefined;
  hold: Promise<void> = Promise.resolve();
  async alerts(attention: Attention, limit: number, cursor: string | null): Promise<AlertPage> {
    if (attention === 'waiting' && cursor === null) this.listings += 1;
    const all = this.stored.filter(({ state }) => attentionOf(state) === attention).sort(orderIn[attention]);
    const from = Number(cursor ?? 0);
    const page = all.slice(from, from + limit);
    await this.hold;
    if (this.failure) throw this.failure;
    const next = from + limit < all.length ? String(from + limit) : null;
    return { alerts: page, next, total: all.length, counts, seen: this.seen, time };
  }
  heat = () => {
    this.heats += 1;
    return Promise.resolve({ time, plan: site.plan.id, cells: [] });
  };
  session = () => Promise.reject(this.failure ?? new ApiProblem('api.not_found', '', 404));
  sites = 0;
  site = () => {
    this.sites += 1;
    return Promise.resolve(site);
  };
  gateways = () => Promise.resolve({ gateways: [] });
  rejects = nothing;
  alert = nothing;
  transition = nothing;
  logIn = nothing;
  logInMethods = nothing;
  secondStep = nothing;
  passkeyStep = nothing;
  passkeyLogIn = nothing;
  logOut = nothing;
  accountLink = nothing;
  setPassword = nothing;
}

let running: SiteWatch | undefined;
afterEach(() => running?.stop());

function watching(options: Partial<SiteWatchOptions> = {}) {
  const server = new TestServer();
  const heard = { news: [] as string[], signedOut: 0, streaming: false };
  let listener: StreamListener | undefined;
  const watch = new SiteWatch({
    api: server,
    clock: { heard: () => undefined, nowMs: () => 1000 },
    sites: ['demo'],
    readsRejects: () => false,
    stream: (given) => {
      listener = given;
      return {
        start: () => {
          heard.streaming = true;
        },
        stop: () => {
          heard.streaming = false;
        },
      };
    },
    onSignedOut: () => {
      heard.signedOut += 1;
    },
    onNews: (alert) => heard.news.push(alert.id),
    ...options,
  });
  running = watch;
  const ids = () =>
    attentions.flatMap((attention) =>
      watch.view().queue[attention].rows.map((alert) => `${alert.id}.${alert.version}`),
    );
  const say = (word: StreamWord) => listener!.word(word);
  const stream = {
    say,
    hello: (resumed = false) => say({ name: 'hello', payload: { version: '1', time, resumed } }),
    alert: (payload: Alert) => say({ name: 'alert', payload }),
    connection: (state: 'lost') => listener!.connection(state),
  };
  return { server, watch, heard, ids, stream };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

const scored = (id: string, score: number, parts: object = {}) =>
  testAlert({ id, risk: { score, factors: [], ruleSet: '1' }, ...parts });

describe('site watch', () => {
  it('loads with the first hello, and again after one that could not go on where it was', async () => {
    const { server, watch, ids, stream } = watching();
    server.stored = [testAlert({ id: 'a' })];
    watch.start();
    stream.hello();
    await settled();
    expect(watch.view().loaded).toBe(true);
    server.stored = [testAlert({ id: 'b' })];
    stream.hello(true);
    await settled();
    expect(ids()).toEqual(['a.1']);
    stream.hello();
    await settled();
    expect([ids(), server.listings]).toEqual([['b.1'], 2]);
  });

  it('loads by itself where no hello comes: another tab holds the stream', async () => {
    const { server, watch } = watching();
    watch.start();
    await new Promise((resolve) => setTimeout(resolve, consolePolicy.firstLoadMs + 100));
    expect(server.listings).toBe(1);
  });

  it('holds the beginning of a long list in the server’s order, and more of it when asked', async () => {
    const { server, watch, stream } = watching();
    server.stored = Array.from({ length: 2770 }, (_, index) => scored(`a${index}`, 50));
    server.stored.push(scored('smoke', 97));
    watch.start();
    stream.hello();
    await settled();
    const rows = () => watch.view().queue.waiting.rows;
    expect([rows()[0]?.id, rows().length]).toEqual(['smoke', 100]);
    await watch.more('waiting');
    expect(rows()).toHaveLength(200);
    expect(new Set(rows().map(({ id }) => id)).size).toBe(200);
    watch.forget();
    await watch.reload();
    expect(rows()).toHaveLength(100);
  });

  it('loads a further page that was asked for while everything was loaded', async () => {
    const { server, watch, stream } = watching();
    server.stored = Array.from({ length: 250 }, (_, index) => scored(`a${index}`, 50 + index / 10));
    watch.start();
    stream.hello();
    await settled();
    const rows = () => watch.view().queue.waiting.rows.length;
    expect(rows()).toBe(100);
    let answer = () => {};
    server.hold = new Promise((resolve) => {
      answer = resolve;
    });
    stream.hello();
    void watch.more('waiting');
    answer();
    await vi.waitFor(() => expect(rows()).toBe(200));
  });

  it('does not grow in a storm, and asks the server again for what it let go', async () => {
    const { server, watch, stream } = watching();
    watch.start();
    stream.hello();
    await settled();
    for (let index = 0; index < 1000; index += 1) {
      const alert = scored(`a${index}`, 50 + index / 100);
      server.stored.push(alert);
      stream.alert(alert);
    }
    const rows = () => watch.view().queue.waiting.rows;
    expect(rows()[0]?.id).toBe('a999');
    expect(rows().length).toBeLessThanOrEqual(2 * consolePolicy.pageSize);
    for (let page = 0; page < 10; page += 1) await watch.more('waiting');
    expect(rows().map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, index) => `a${999 - index}`));
  });

  it('keeps what the stream brings while the lists are on their way', async () => {
    const { server, watch, ids, stream } = watching();
    server.stored = [testAlert({ id: 'a', version: 1 }), testAlert({ id: 'c' })];
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    watch.start();
    stream.hello();
    stream.alert(testAlert({ id: 'a', version: 2 }));
    stream.alert(testAlert({ id: 'b', version: 1 }));
    stream.alert(testAlert({ id: 'c', version: 5, state: 'closed' }));
    release();
    await settled();
    expect(ids()).toEqual(['a.2', 'b.1']);
  });

  it('moves an alert from list to list, keeps the selected one though it is closed, and takes no older version', () => {
    const { watch, ids, stream } = watching();
    watch.select('a');
    stream.alert(testAlert({ id: 'a' }));
    stream.alert(testAlert({ id: 'a', version: 3, state: 'acknowledged' }));
    stream.alert(testAlert({ id: 'a', version: 2 }));
    expect(watch.view().selected?.version).toBe(3);
    watch.accept({ alert: testAlert({ id: 'a', version: 4, state: 'closed' }), transitions: [] });
    expect([ids(), watch.view().selected?.state]).toEqual([[], 'closed']);
  });

  it('loads once more, not once per request, when asked while loading', async () => {
    const { server, watch, stream } = watching();
    watch.start();
    stream.hello();
    stream.hello();
    stream.hello();
    await settled();
    expect(server.listings).toBe(2);
  });

  it('tells of what opens, opens again or rises, and of nothing twice, nor of what a list or an answer brings', async () => {
    const { server, watch, heard, stream } = watching();
    server.stored = [testAlert({ id: 'old' })];
    watch.start();
    stream.hello();
    await settled();
    stream.alert(testAlert({ id: 'new' }));
    stream.alert(testAlert({ id: 'new' }));
    stream.alert(testAlert({ id: 'new', version: 2, eventCount: 2 }));
    expect(heard.news).toEqual(['new']);
    stream.alert(testAlert({ id: 'new', version: 3, severity: 'critical' }));
    stream.alert(testAlert({ id: 'new', version: 4, severity: 'critical', state: 'acknowledged' }));
    stream.alert(testAlert({ id: 'new', version: 5, severity: 'critical' }));
    expect(heard.news).toEqual(['new', 'new', 'new']);
    // Beyond what this page holds.
    stream.alert(testAlert({ id: 'far', version: 9 }));
    stream.alert(
      testAlert({ id: 'risen', version: 9, changedIn: { severity: 9, state: 1, disposition: 1 } }),
    );
    watch.accept({ alert: testAlert({ id: 'asked' }), transitions: [] });
    expect(heard.news.slice(3)).toEqual(['risen']);
  });

  it('fetches the map at most every ten seconds, whatever happens', async () => {
    const { server, watch, stream } = watching();
    watch.start();
    stream.hello();
    for (let commit = 0; commit < 50; commit += 1) stream.say({ name: 'heat', payload: { site: site.id } });
    await settled();
    expect(server.heats).toBe(1);
  });

  it('says that the session ended when the stream was cut for it', async () => {
    const { server, watch, heard, stream } = watching();
    watch.start();
    await settled();
    server.failure = new ApiProblem('api.unauthenticated', '', 401);
    stream.connection('lost');
    await settled();
    expect(heard.signedOut).toBe(1);
    expect(watch.view().connection).toBe('lost');
  });

  it('keeps what it has when a loading fails, and names the problem', async () => {
    const { server, watch, ids, stream } = watching();
    server.stored = [testAlert({ id: 'a' })];
    watch.start();
    stream.hello();
    await settled();
    server.failure = new ApiProblem('store.unreachable', '', 503);
    stream.hello();
    await settled();
    expect([ids(), watch.view().problem]).toEqual([['a.1'], 'store.unreachable']);
  });

  it('names a problem no longer once the stream goes on, and knows the site as it is then', async () => {
    const { server, watch, stream } = watching();
    watch.start();
    stream.hello();
    await settled();
    server.failure = new ApiProblem('store.unreachable', '', 503);
    stream.connection('lost');
    await settled();
    expect([watch.view().problem, server.sites]).toEqual(['store.unreachable', 1]);
    server.failure = undefined;
    stream.hello(true);
    await settled();
    expect([watch.view().problem, server.sites]).toEqual([null, 2]);
    stream.hello(true);
    await settled();
    expect([server.listings, server.sites]).toEqual([2, 3]);
  });

  it('loads anew by itself after a problem, until it is gone', async () => {
    vi.useFakeTimers();
    const { server, watch, stream } = watching();
    watch.start();
    server.failure = new ApiProblem('store.unreachable', '', 503);
    stream.hello();
    await vi.advanceTimersByTimeAsync(2 * consolePolicy.reloadAfterProblemMs);
    expect([watch.view().problem, server.listings]).toEqual(['store.unreachable', 3]);
    server.failure = undefined;
    await vi.advanceTimersByTimeAsync(consolePolicy.reloadAfterProblemMs);
    expect([watch.view().problem, server.listings]).toEqual([null, 4]);
    await vi.advanceTimersByTimeAsync(2 * consolePolicy.reloadAfterProblemMs);
    expect(server.listings).toBe(4);
    vi.useRealTimers();
  });

  it('starts and stops its stream; a storm is drawn in a few steps, and the last of it too', async () => {
    const { watch, heard, stream } = watching();
    let drawn = 0;
    watch.subscribe(() => {
      drawn += 1;
    });
    watch.start();
    expect(heard.streaming).toBe(true);
    for (let index = 0; index < 100; index += 1) stream.alert(testAlert({ id: `a${index}` }));
    const { atOnce } = consolePolicy.drawNews;
    expect(drawn).toBe(atOnce);
    await vi.waitFor(() => expect(drawn).toBe(atOnce + 1), { timeout: 5_000, interval: 5 });
    watch.stop();
    expect(heard.streaming).toBe(false);
  });
});

it('what the person has seen comes with pages and the stream, and is taken back', async () => {
  const { server, watch, stream } = watching();
  server.stored = [testAlert({ id: 'a' })];
  server.seen = { a: 1 };
  watch.start();
  stream.hello();
  await settled();
  expect([...watch.view().seen]).toEqual([['a', 1]]);
  const say = (versions: Record<string, number> | null, forgotten: string[] = []) =>
    stream.say({ name: 'seen', payload: { site: 'demo', versions, forgotten } } as StreamWord);
  say({ a: 3, b: 2 });
  expect([...watch.view().seen]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  say({}, ['b']);
  expect([...watch.view().seen.keys()]).toEqual(['a']);
  // So many that they are loaded again.
  say(null);
  await settled();
  expect([...watch.view().seen]).toEqual([['a', 1]]);
});

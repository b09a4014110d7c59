import type { Alert, Site } from '@watchpost/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProblem, type ConsoleApi } from '../api/console-api.ts';
import type { StreamListener } from '../api/event-stream.ts';
import { alertsOf } from '../domain/alert-book.ts';
import { testAlert } from '../test-alerts.ts';
import { SiteWatch, type SiteWatchOptions } from './site-watch.ts';

const site = { id: 'demo', gateways: [], devices: [] } as unknown as Site;
const nothing = () => Promise.reject(new ApiProblem('api.not_found', '', 404));

/** A server in memory whose list answers only when the test says so. */
class TestServer implements ConsoleApi {
  listings = 0;
  stored: Alert[] = [];
  failure: ApiProblem | undefined;
  hold: Promise<void> = Promise.resolve();
  async alerts() {
    this.listings += 1;
    const alerts = [...this.stored];
    await this.hold;
    if (this.failure) throw this.failure;
    return { alerts, complete: true };
  }
  session = () => Promise.reject(this.failure ?? new ApiProblem('api.not_found', '', 404));
  site = () => Promise.resolve(site);
  gateways = () => Promise.resolve({ gateways: [] });
  heat = () => Promise.resolve({ time: '2026-11-01T08:00:00.000Z', cells: [] });
  rejects = nothing;
  alert = nothing;
  transition = nothing;
  logIn = nothing;
  logOut = nothing;
}

let running: SiteWatch | undefined;
afterEach(() => running?.stop());

function watching(options: Partial<SiteWatchOptions> = {}) {
  const server = new TestServer();
  const heard = { news: [] as string[], signedOut: 0, streaming: false };
  let listener: StreamListener | undefined;
  const watch = new SiteWatch({
    api: server,
    nowMs: () => 1000,
    readsRejects: false,
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
  const ids = () => alertsOf(watch.view().book).map((alert) => `${alert.id}.${alert.version}`);
  return { server, watch, heard, ids, stream: listener! };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('site watch', () => {
  it('loads at the start, and again after every hello', async () => {
    const { server, watch, ids, stream } = watching();
    server.stored = [testAlert({ id: 'a' })];
    watch.start();
    await settled();
    expect(watch.view().loaded).toBe(true);
    server.stored = [testAlert({ id: 'b' })];
    stream.hello();
    await settled();
    expect(ids()).toEqual(['b.1']);
  });

  it('keeps what the stream brings while a list is on its way', async () => {
    const { server, watch, ids, stream } = watching();
    server.stored = [testAlert({ id: 'a', version: 1 })];
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    watch.start();
    stream.alert(testAlert({ id: 'a', version: 2 }));
    stream.alert(testAlert({ id: 'b', version: 1 }));
    release();
    await settled();
    expect(ids()).toEqual(['a.2', 'b.1']);
  });

  it('loads once more, not once per request, when asked while loading', async () => {
    const { server, watch, stream } = watching();
    watch.start();
    stream.hello();
    stream.hello();
    await settled();
    expect(server.listings).toBe(2);
  });

  it('tells of alerts that come over the stream, not of those in a list, and of none twice', async () => {
    const { server, watch, heard, stream } = watching();
    server.stored = [testAlert({ id: 'old' })];
    watch.start();
    await settled();
    stream.alert(testAlert({ id: 'new' }));
    stream.alert(testAlert({ id: 'new' }));
    stream.alert(testAlert({ id: 'new', version: 2, eventCount: 2 }));
    expect(heard.news).toEqual(['new']);
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
    await settled();
    server.failure = new ApiProblem('store.unreachable', '', 503);
    stream.hello();
    await settled();
    expect([ids(), watch.view().problem]).toEqual([['a.1'], 'store.unreachable']);
  });

  it('starts and stops its stream, and tells its readers of each change until they leave', () => {
    const { watch, heard, stream } = watching();
    let changes = 0;
    const leave = watch.subscribe(() => {
      changes += 1;
    });
    watch.start();
    expect(heard.streaming).toBe(true);
    stream.alert(testAlert({ id: 'a' }));
    leave();
    stream.alert(testAlert({ id: 'b' }));
    expect(changes).toBe(1);
    watch.stop();
    expect(heard.streaming).toBe(false);
  });
});

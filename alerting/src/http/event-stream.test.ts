import { alertPageSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf } from '../testing/http-client.ts';
import { HttpSite } from '../testing/http-site.ts';
import { testSite } from '../testing/test-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

describe('the event stream', () => {
  const findAny = async () =>
    alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'viewer')).json()).alerts[0]!;

  /** Reads until the text satisfies the condition. */
  async function read(response: Response, done: (text: string) => boolean): Promise<string> {
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!done(text)) {
      const { value, done: ended } = await reader.read();
      if (ended) return `${text}[ended]`;
      text += value;
    }
    await reader.cancel();
    return text;
  }

  /** Over a real connection the name of the cookie carries the port. */
  const overTheWire = (cookie: string) =>
    cookie.replace('wp_session=', `wp_session_${new URL(site.base).port}=`);
  const open = (cookie: string) =>
    fetch(`${site.base}/api/v1/stream`, { headers: { cookie: overTheWire(cookie) } });

  test('says hello, then what changes, and keeps the connection awake', async () => {
    const response = await open(site.cookie('viewer'));
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    site.feed.publish({ name: 'heat', site: 'test', payload: { site: testSite.id } });
    const text = await read(
      response,
      (sofar) => sofar.includes('event: heat\n') && sofar.includes('event: heartbeat'),
    );
    expect(text).toMatch(
      /^id: \w+\.\d+\nevent: hello\ndata: \{"version":"[\d.]+","time":"[^"]+","resumed":false\}\n\n/,
    );
    expect(text).toContain('event: heat\ndata: {"site":"test"}\n\n');
  });

  test('a reader that comes back is told what it missed, and one from before is told to load', async () => {
    const cookie = overTheWire(site.cookie('viewer'));
    const alert = await findAny();
    const first = await read(await open(cookie), (sofar) => sofar.includes('event: counts'));
    const position = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    site.feed.take({ position: 1, alert });
    for (const back of [
      fetch(`${site.base}/api/v1/stream`, { headers: { cookie, 'last-event-id': position } }),
      fetch(`${site.base}/api/v1/stream?after=${position}`, { headers: { cookie } }),
    ]) {
      const text = await read(await back, (sofar) => sofar.includes('event: counts'));
      expect(text).toContain('"resumed":true');
      expect(text.match(/event: alert\n/g)).toHaveLength(1);
      expect(text).toContain(alert.id);
    }
    for (const unknown of ['0.0', `${position}1000`, 'x', `${position.split('.')[0]}.-1`]) {
      const other = await fetch(`${site.base}/api/v1/stream?after=${unknown}`, { headers: { cookie } });
      const text = await read(other, (sofar) => sofar.includes('event: counts'));
      expect(text).toContain('"resumed":false');
      expect(text).not.toContain('event: alert\n');
    }
  });

  test('ends when its session does', async () => {
    const cookie = await cookieOf(site.app, 'viewer');
    const response = await open(cookie);
    await site.ask('DELETE', '/api/v1/session', undefined, undefined, { cookie });
    expect(await read(response, () => false)).toContain('[ended]');
  });

  test('drops a reader that does not read, and no other', async () => {
    const slow = await open(site.cookie('viewer'));
    const before = site.feed.readers;
    const payload = { version: 'x'.repeat(100_000), time: new Date().toISOString(), resumed: false };
    while (site.feed.readers === before) {
      site.feed.publish({ name: 'hello', site: 'test', payload });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(site.feed.readers).toBe(before - 1);
    await slow.body?.cancel().catch(() => undefined);
  });

  test('is closed to those who are not logged in', async () => {
    expect((await fetch(`${site.base}/api/v1/stream`)).status).toBe(401);
  });
});

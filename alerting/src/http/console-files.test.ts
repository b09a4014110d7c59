import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heatPolicy } from '../places/policy.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { codeOf } from '../testing/http-client.ts';
import { HttpSite } from '../testing/http-site.ts';
import { testSite } from '../testing/test-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

describe('the console', () => {
  test('comes with strict headers, and its own addresses lead to its page', async () => {
    const page = await site.ask('GET', '/alerts/1', undefined, undefined, { accept: 'text/html' });
    expect([page.statusCode, page.body]).toEqual([200, '<!doctype html><title>console</title>']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await site.ask('GET', '/')).body).toContain('console');
    expect((await site.ask('GET', '/assets/app.js')).headers['cache-control']).toContain('immutable');
    expect((await site.ask('GET', '/assets/none.js')).statusCode).toBe(404);
    for (const hidden of ['/.built-from', '/%2ebuilt-from', '/assets/..%2f.built-from', '/assets/app.js.map'])
      expect([hidden, codeOf(await site.ask('GET', hidden))]).toEqual([
        hidden,
        expect.stringMatching(/^api\./),
      ]);
  });

  test('answers each of its addresses with the one page, and no file that is not there', async () => {
    const asked = (path: string, headers = {}) =>
      site.ask('GET', path, undefined, undefined, { accept: 'text/html,*/*;q=0.8', ...headers });
    const { headers } = await asked('/');
    expect([headers['cache-control'], headers.etag]).toEqual(['no-cache', expect.any(String)]);
    const id = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80';
    for (const path of [`/alerts/${id}`, `/alerts/${id}/plan`, '/plan', '/devices', '/plan?from=mail']) {
      const page = await asked(path);
      expect([path, page.statusCode, page.body]).toEqual([path, 200, expect.stringContaining('console')]);
      expect([page.headers['cache-control'], page.headers.etag]).toEqual(['no-cache', headers.etag]);
      expect((await asked(path, { 'if-none-match': headers.etag })).statusCode).toBe(304);
    }
    for (const path of [
      `/alerts/none.js`,
      `/alerts/${id}/none.css`,
      '/assets/none.js',
      '/plan.json',
      '/api/v1/none',
    ])
      expect([path, (await asked(path)).statusCode]).toEqual([path, 404]);
  });

  test('the heat map is drawn once for all who ask, and again when there is something new', async () => {
    const heat = async (headers = {}) => {
      const answer = await site.ask('GET', '/api/v1/heat', 'viewer', undefined, headers);
      const { etag, 'cache-control': caching } = answer.headers;
      return { answer, etag: String(etag), caching, time: answer.body && answer.json().time };
    };
    const first = await heat();
    expect([first.answer.statusCode, first.caching]).toEqual([200, 'private, no-cache']);
    site.clock.nowMs += 1_000;
    const consoles = await Promise.all(Array.from({ length: 20 }, () => heat()));
    // Each drawing carries its time: there was one.
    expect(new Set(consoles.map(({ time }) => time))).toEqual(new Set([first.time]));
    expect(new Set(consoles.map(({ etag }) => etag))).toEqual(new Set([first.etag]));
    const known = await heat({
      'if-none-match': `"other", ${first.etag.slice(2)}`,
      'accept-encoding': 'gzip',
    });
    expect([known.answer.statusCode, known.answer.body, known.etag]).toEqual([304, '', first.etag]);
    expect(known.caching).toBe('private, no-cache');
    await addIncidents(site.store.db, testSite.id, [
      { cell: '8d3099a1a59b3bf', kind: 'panic', timeMs: site.clock.nowMs },
    ]);
    site.clock.nowMs += 1_000;
    const after = await Promise.all([0, 1, 2].map(() => heat({ 'if-none-match': first.etag })));
    expect(after.map(({ answer }) => answer.statusCode)).toEqual([200, 200, 200]);
    expect(new Set(after.map(({ time }) => time))).toEqual(
      new Set([new Date(site.clock.nowMs).toISOString()]),
    );
    site.clock.nowMs += heatPolicy.redrawnEveryMs;
    expect((await heat({ 'if-none-match': after[0]?.etag })).time).toBe(
      new Date(site.clock.nowMs).toISOString(),
    );
    site.clock.nowMs -= heatPolicy.redrawnEveryMs + 2_000;
  });

  test('travels compressed, as it was built or on the way; the stream does not', async () => {
    const encoding = async (url: string, accept: string) => {
      const answer = await site.ask('GET', url, 'viewer', undefined, { 'accept-encoding': accept });
      return [answer.statusCode, answer.headers['content-encoding']];
    };
    expect(await encoding('/assets/big.js', 'gzip, deflate, br')).toEqual([200, 'br']);
    expect(await encoding('/assets/big.js', 'gzip')).toEqual([200, 'gzip']);
    expect(await encoding('/assets/big.js', 'identity')).toEqual([200, undefined]);
    expect(await encoding('/api/v1/heat', 'gzip')).toEqual([200, 'gzip']);
    const plain = await site.ask('GET', '/api/v1/heat', 'viewer');
    const packed = await site.ask('GET', '/api/v1/heat', 'viewer', undefined, { 'accept-encoding': 'br' });
    expect(brotliDecompressSync(packed.rawPayload).byteLength).toBe(plain.rawPayload.byteLength);
    expect(packed.headers['content-type']).toContain('application/json');
    expect(packed.rawPayload.byteLength).toBeLessThan(plain.rawPayload.byteLength / 3);
    const giveUp = new AbortController();
    const stream = await fetch(`${site.base}/api/v1/stream`, {
      headers: { cookie: site.cookie('viewer'), 'accept-encoding': 'gzip' },
      signal: giveUp.signal,
    });
    expect(stream.headers.get('content-encoding')).toBeNull();
    giveUp.abort();
  });

  test('serves nothing outside its folder', async () => {
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/assets/..%5c..%5coutside.txt',
    ]) {
      expect((await site.ask('GET', path)).body).not.toContain('outside\n');
      expect((await site.ask('GET', path)).body).not.toBe('outside');
    }
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { permissions, type Role, rolePermissions, roles } from '@watchpost/contracts/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlerting } from '../../alerting/src/index.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from '../support/demo-site.ts';

/** A row of the tables of routes. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly permission: string;
}

function routesOf(text: string): Route[] {
  return [...text.matchAll(/^\| `([A-Z]+) (\S+)` \| `?([a-z.]+)`? \|/gm)].map((match) => ({
    method: match[1] ?? '',
    path: match[2] ?? '',
    permission: match[3] ?? '',
  }));
}

describe('the HTTP reference', () => {
  const text = readFileSync(new URL('../../docs/reference/http-api.md', import.meta.url), 'utf8');
  const [described = '', beside = ''] = text.split('Beside it');
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-docs-'));
  const password = 'a password of this test';
  const cookies = new Map<Role, string>();
  let service: Awaited<ReturnType<typeof startAlerting>>;

  const logIn = async (role: Role): Promise<string> => {
    const answer = await fetch(`${service.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: role, password }),
    });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };

  /** The code of the problem that a call is answered with; empty when it is let in. */
  const refusal = async ({ method, path }: Route, cookie: string): Promise<string> => {
    const giveUp = new AbortController();
    const hasBody = ['POST', 'PUT'].includes(method);
    const address = service.address + path.replace(/\{\w+\}/, '00000000-0000-7000-8000-000000000000');
    const answer = await fetch(address, {
      method,
      headers: { cookie, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
      ...(hasBody ? { body: '{}' } : {}),
      redirect: 'manual',
      signal: giveUp.signal,
    });
    const isRefused = answer.status === 401 || answer.status === 403;
    const code = isRefused ? ((await answer.json()) as { readonly code: string }).code : '';
    // The stream would never end by itself.
    giveUp.abort();
    return code;
  };

  beforeAll(async () => {
    service = await startAlerting({
      sites: [{ site: demoSite }],
      store: await embeddedStore(join(folder, 'store')),
      // Nobody listens there: the service comes up without a broker.
      broker: { url: 'mqtt://127.0.0.1:9' },
      http: { host: '127.0.0.1', port: 0 },
      flows: { port: 0, upstream: { url: 'http://127.0.0.1:9', secret: 'unused' } },
      accounts: roles.map((role) => ({ user: role, password, role })),
    });
    for (const role of roles) cookies.set(role, await logIn(role));
  });

  afterAll(async () => {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('names every route of the OpenAPI document and no other', async () => {
    const answer = await fetch(`${service.address}/api/v1/openapi.json`);
    const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, object>> };
    const real = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(real.length).toBeGreaterThan(5);
    expect(routesOf(described).map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(real),
    );
    expect(routesOf(described)).toHaveLength(real.length);
    expect(routesOf(beside)).toHaveLength(5);
  });

  it.each(routesOf(text))('$method $path asks for $permission', async (route) => {
    const known: readonly string[] = ['public', 'session', ...permissions];
    expect(known).toContain(route.permission);
    expect(await refusal(route, '')).toBe(route.permission === 'public' ? '' : 'api.unauthenticated');
    for (const role of roles) {
      const cookie = route.method === 'DELETE' ? await logIn(role) : (cookies.get(role) ?? '');
      const isAllowed =
        ['public', 'session'].includes(route.permission) ||
        rolePermissions[role].some((permission) => permission === route.permission);
      expect(`${role}: ${await refusal(route, cookie)}`).toBe(`${role}: ${isAllowed ? '' : 'api.forbidden'}`);
    }
  });

  it('gives each role its permissions', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \| (`[a-z.]+`(?:, `[a-z.]+`)*) \|$/gm)];
    const told = Object.fromEntries(rows.map((row) => [row[1], row[2]?.match(/[a-z.]+/g)]));
    expect(told).toEqual(rolePermissions);
  });
});

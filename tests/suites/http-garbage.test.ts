import { randomInt } from 'node:crypto';
import { problemSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpSite } from '../../alerting/src/testing/http-site.ts';
import { testSite } from '../../alerting/src/testing/test-site.ts';
import { type RegisteredRoute, routesOf, type Schema } from '../support/http-routes.ts';

// Every route, each of its fields, with what nobody should send: whatever comes of it is a problem with a
// code, or was taken; never a failure of the server’s own.

const seed = Number(process.env.WATCHPOST_GARBAGE_SEED ?? randomInt(2 ** 31));
/** Wrong values of each field that are tried. */
const triesOfField = 4;

const garbage: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 2, '', ' ', 'x', '0', '-1', 'null', 'true'],
  ...[
    '\u0000',
    '\ud800',
    '\u202e\u200b',
    "'; drop table alert; --",
    '%',
    '_',
    '\\',
    '../../etc/passwd',
    '{{7*7}}',
  ],
  ...['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '2026-02-30', '24:00', '275760-09-13T00:00:00.001Z'],
  ...['00000000-0000-0000-0000-000000000000', 'x'.repeat(5_000), '😀'.repeat(300)],
  ...[[], {}, [[]], [null], Array.from({ length: 2_000 }, () => 'x'), { a: { b: { c: {} } } }],
];
/** What ends the session that asks, or waits by design. */
const leftOut = new Set(['DELETE /api/v1/session', 'POST /api/v1/account/sessions/end-others']);

let site: HttpSite;
let routes: readonly RegisteredRoute[] = [];
beforeAll(async () => {
  routes = await routesOf(async () => {
    site = await HttpSite.open();
  });
});
afterAll(() => site?.close());

/** mulberry32: the same seed, the same garbage. */
function randomFrom(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly minLength?: number;
}

/** What fields of such a name may be on the test site. */
const known: Readonly<Record<string, unknown>> = {
  ...{
    zone: 'gate',
    zones: ['gate'],
    area: ['gate'],
    device: 'door1',
    devices: ['door1'],
    site: testSite.id,
  },
  ...{ kinds: null, hours: null, person: null, highest: 'high', danger: false, language: 'en' },
  ...{ until: '2026-12-20T08:00', note: 'a note', reason: 'tried', text: 'tried', version: 1 },
};

/** Something that the schema might take, so that what is wrong is one field alone. */
function plausible(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return plausible(choice);
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, of]) => [
        name,
        Object.hasOwn(known, name) ? known[name] : plausible(of),
      ]),
    );
  if (schema.type === 'array') return schema.items ? [plausible(schema.items)] : [];
  if (schema.type === 'number' || schema.type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return crypto.randomUUID();
  if (schema.format === 'date-time') return new Date(Date.now() + 86_400_000).toISOString();
  return 'x'.repeat(Math.max(3, schema.minLength ?? 3));
}

const jsonSchemaOf = (schema: Schema): JsonSchema =>
  schema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** Paths to each value in a document. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => pathsIn(part, [...path, name]))];
}

function withValue(
  document: unknown,
  [name, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (name === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(document)
    ? ([...document] as never)
    : { ...(document as object) };
  copy[name] = withValue(copy[name], rest, value);
  return copy;
}

it(`nothing that is sent to a route makes the server fail (seed ${seed})`, async () => {
  const random = randomFrom(seed);
  const cookie = site.cookie('admin');
  const failures: string[] = [];
  let asked = 0;
  let refused = 0;
  const taken = new Set<string>();
  /** Something that there is, by the part of the address that it stands behind. */
  const ids = new Map<string, string>();
  const remember = ({ url }: RegisteredRoute, answer: Readonly<Record<string, unknown>>) => {
    const of = url.slice('/api/v1/'.length);
    const first = [answer, ...Object.values(answer)]
      .flat()
      .find((part) => typeof Object(part).id === 'string');
    // Nobody’s own account: it would be disabled, and ask no more.
    if (first && !of.includes(':') && !of.startsWith('account')) ids.set(of, (first as { id: string }).id);
  };
  const ask = async (route: RegisteredRoute, url: string, payload?: unknown) => {
    asked += 1;
    const answer = await site.app.inject({
      ...{ method: route.method as 'GET', url },
      headers: { cookie, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
      // Whoever asks too often is told so: each question comes from somewhere else.
      remoteAddress: `127.${random(256)}.${random(256)}.${random(256)}`,
    });
    if (answer.statusCode < 400) {
      taken.add(`${route.method} ${route.url}`);
      if (/^application\/json/.test(String(answer.headers['content-type']))) remember(route, answer.json());
      return;
    }
    refused += 1;
    const problem = problemSchema.safeParse(
      /json/.test(String(answer.headers['content-type'])) ? answer.json() : undefined,
    );
    const isOurs = problem.success && problem.data.code === 'api.internal';
    if (!problem.success || isOurs)
      failures.push(`${route.method} ${url} ${JSON.stringify(payload)?.slice(0, 400)}: ${answer.statusCode}`);
  };
  const some = () => garbage[random(garbage.length)];
  const listed = routes.filter(
    ({ method, url, schema }) =>
      method !== 'HEAD' &&
      url.startsWith('/api/v1/') &&
      !url.endsWith('/stream') &&
      !leftOut.has(`${method} ${url}`) &&
      schema?.hide !== true,
  );
  for (const route of listed) {
    const behind = route.url.slice('/api/v1/'.length).split('/:')[0] ?? '';
    const id = ids.get(behind) ?? '01998f3e-0000-7000-8000-000000000001';
    const url = route.url.replace(/:id/, id).replace(/:\w+/g, '0');
    const { querystring, body } = route.schema ?? {};
    const document = body ? plausible(jsonSchemaOf(body)) : undefined;
    await ask(route, url, document);
    if (/:\w+/.test(route.url))
      for (const part of ['x', '%00', '..%2f..', 'x'.repeat(900), '%F0%9F%98%80'])
        await ask(route, route.url.replace(/:\w+/g, part), document);
    for (const name of Object.keys((querystring && jsonSchemaOf(querystring).properties) ?? {}))
      for (let tries = 0; tries < triesOfField; tries++) {
        const value = encodeURIComponent(String(some()).toWellFormed().slice(0, 2_000));
        await ask(route, `${url}?${name}=${value}`, document);
      }
    if (document === undefined) continue;
    for (const path of pathsIn(document))
      for (let tries = 0; tries < triesOfField; tries++)
        await ask(route, url, withValue(document, path, some()));
  }
  expect(failures).toEqual([]);
  expect(listed.length).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(asked / 2);
  // Not all of them at the first look at who asks.
  expect(taken.size).toBeGreaterThan(45);
}, 300_000);

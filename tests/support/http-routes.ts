import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as contracts from '@watchpost/contracts/api';

/** As much of a schema as is asked here. */
export interface Schema {
  toJSONSchema(how: { readonly io: 'input'; readonly unrepresentable: 'any' }): {
    readonly properties?: object;
    readonly required?: readonly string[];
  };
}

/** A route as it is registered, with the schemas themselves. */
export interface RegisteredRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly schema?: {
    readonly querystring?: Schema;
    readonly body?: Schema;
    readonly response?: Readonly<Record<string, Schema>>;
    readonly hide?: boolean;
  };
}

interface Listening {
  readonly fastify: { addHook(name: 'onRoute', seen: (route: RegisteredRoute) => void): void };
}

const base = '/api/v1';
const head = `// Made from the routes that alerting registers: \`npm test -- tests/suites/http-client.test.ts -u\`.
import type { z } from 'zod';
import type * as api from '../api/index.ts';

type In<S extends z.ZodType> = z.input<S>;
type Out<S extends z.ZodType> = z.output<S>;

/** What each route of the HTTP API takes and answers, as JSON. */
export interface ApiRoutes {
`;

/** Sees the routes that are registered while `serve` runs. */
export async function routesOf(serve: () => Promise<void>): Promise<readonly RegisteredRoute[]> {
  const routes: RegisteredRoute[] = [];
  const seen = (message: unknown) =>
    (message as Listening).fastify.addHook('onRoute', (route) => void routes.push(route));
  subscribe('fastify.initialization', seen);
  try {
    await serve();
  } finally {
    unsubscribe('fastify.initialization', seen);
  }
  return routes;
}

/** The text of the client's types: of each route that answers as JSON, or not at all. */
export function clientTypesOf(routes: readonly RegisteredRoute[]): string {
  const lines = routes.flatMap(({ method, url, schema = {} }) => {
    const { response = {}, querystring, body, hide } = schema;
    const answers = Object.entries(response).filter(([status]) => status.startsWith('2'));
    if (method === 'HEAD' || hide || answers.length === 0 || !url.startsWith(`${base}/`)) return [];
    const path = url.slice(base.length).replaceAll(/:(\w+)/g, '{$1}');
    const parts = [
      ...(querystring ? [`readonly query: ${typeOf(querystring, 'In')};`] : []),
      ...(body ? [`readonly body: ${typeOf(body, 'In')};`] : []),
      `readonly answer: ${answers.map(([status, one]) => (status === '204' ? 'undefined' : typeOf(one, 'Out'))).join(' | ')};`,
    ];
    return [`  '${String(method)} ${path}': {\n${parts.map((part) => `    ${part}\n`).join('')}  };\n`];
  });
  return `${head}${lines.toSorted().join('')}}\n`;
}

const names = new Map<unknown, string>(
  Object.entries(contracts)
    .filter(([name]) => name.endsWith('Schema'))
    .map(([name, schema]) => [schema, name]),
);

function typeOf(schema: Schema, way: 'In' | 'Out'): string {
  const name = names.get(schema);
  if (name !== undefined) return `${way}<typeof api.${name}>`;
  // What a route says for itself: names alone.
  const { properties = {}, required = [] } = schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
  const fields = Object.keys(properties).map(
    (field) => `readonly ${field}${required.includes(field) ? '' : '?'}: unknown`,
  );
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${fields.join('; ')} }`;
}

import type { ApiRoutes } from './routes.ts';

/** A route of the HTTP API, as `METHOD /path/{parameter}` below `/api/v1`. */
export type Route = keyof ApiRoutes;

/** What the API answers on a route; undefined where it has nothing to say. */
export type Answer<R extends Route> = ApiRoutes[R]['answer'];

/** What is said in the address of a route; null and undefined are left out, several are joined by commas. */
export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

type Parameters<Path> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Parameters<Rest>
  : never;

type ParametersOf<R> = [Parameters<R>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: { readonly [Name in Parameters<R>]: string | number } };

type QueryOf<R extends Route> = ApiRoutes[R] extends { readonly query: infer Asked }
  ? Partial<Asked> extends Asked
    ? { readonly query?: { readonly [Name in keyof Asked]?: QueryValue } }
    : { readonly query: { readonly [Name in keyof Asked]: QueryValue } }
  : { readonly query?: undefined };

/** What is sent is not changed by whoever sends it. */
type Sent<T> = T extends readonly (infer One)[]
  ? readonly Sent<One>[]
  : T extends object
    ? { readonly [Name in keyof T]: Sent<T[Name]> }
    : T;

type BodyOf<R extends Route> = ApiRoutes[R] extends { readonly body: infer Body }
  ? { readonly body: Sent<Body> }
  : { readonly body?: undefined };

/** What a route is asked with: the parameters of its path, its query and its body, where it has them. */
export type Given<R extends Route> = ParametersOf<R> & QueryOf<R> & BodyOf<R>;

type Needed<R extends Route> = Record<never, never> extends Given<R> ? [given?: Given<R>] : [given: Given<R>];

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What carries a question to the API, and its answer back: `path` is below `/api/v1`, with its query. */
export type Send = <T>(method: Method, path: string, body?: unknown) => Promise<T>;

interface AnyGiven {
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly body?: unknown;
}

/** Asks the API on one of its routes, of which the compiler knows what they take. Rejects as `send` does. */
export function call<R extends Route>(send: Send, route: R, ...[given]: Needed<R>): Promise<Answer<R>> {
  const { params, query, body }: AnyGiven = given ?? {};
  const [method, template = ''] = route.split(' ');
  return send(method as Method, addressOf(template, params, query), body);
}

/** The address of a route below `/api/v1`, for what the browser itself asks for: a download, a print. */
export function addressOf(
  template: string,
  params: Readonly<Record<string, string | number>> = {},
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params[name] ?? '')),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined) asked.set(name, String(value));
  return asked.size === 0 ? path : `${path}?${asked}`;
}

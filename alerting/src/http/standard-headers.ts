import { createHash } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The tag of something with a version: the version, then what its answer looked like. */
const versionedTag = /^"v(\d+)-[\w-]+"$/;

/**
 * The headers of the standard for what our bodies say by fields, for programs that know HTTP and not us (RFC
 * 9110 §8.8.3 and §13): answers carry `ETag`, `If-None-Match` is answered 304, `If-Match` is the `version`
 * that the caller saw, and `Idempotency-Key` the `id` of what is made. What a route has no field for is
 * refused: a condition that is not looked at would be a promise that is not kept.
 */
export function standardHeaders(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    setField(request, 'if-match', 'version', (header) => {
      const version = versionedTag.exec(header)?.[1];
      return version === undefined ? undefined : Number(version);
    });
    setField(request, 'idempotency-key', 'id', (header) => header.replace(/^"(.*)"$/, '$1') || undefined);
  });
  app.addHook('preSerialization', async (_request, reply, payload: unknown) => {
    const version = versionOf(payload);
    if (version !== undefined) reply.header('etag', `v${version}`);
    return payload;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const version = reply.getHeader('etag');
    const isTagged = typeof version === 'string' && version.startsWith('v');
    if (reply.statusCode >= 300 || typeof payload !== 'string') {
      if (isTagged) reply.removeHeader('etag');
      return payload;
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (version !== undefined && !isTagged) return payload;
    if (!isTagged && !(isRead && isJson(reply.getHeader('content-type')))) return payload;
    const digest = createHash('sha256').update(payload).digest('base64url').slice(0, 16);
    const tag = isTagged ? `"${version}-${digest}"` : `W/"${digest}"`;
    reply.header('etag', tag);
    if (!isRead || !knows(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
}

/** Whether a precondition of the caller, not a field of ours, is what failed. */
export const failedPrecondition = (request: FastifyRequest, code: string): boolean =>
  request.headers['if-match'] !== undefined && code.endsWith('.stale');

/**
 * Puts a header into the field of the body that says the same.
 * @throws WatchpostError `api.header_unsupported`, `api.invalid` with the path of the header or the field
 */
function setField(
  request: FastifyRequest,
  name: 'if-match' | 'idempotency-key',
  field: 'version' | 'id',
  read: (header: string) => string | number | undefined,
): void {
  const header = request.headers[name];
  if (header === undefined || request.method === 'GET' || request.method === 'HEAD') return;
  const { body } = request;
  if (!hasField(request.routeOptions.schema?.body, field))
    throw new WatchpostError('api.header_unsupported', { path: `/headers/${name}` });
  const value = typeof header === 'string' ? read(header) : undefined;
  if (value === undefined) throw new WatchpostError('api.invalid', { path: `/headers/${name}` });
  if (body === null || typeof body !== 'object') return;
  const fields = body as Record<string, unknown>;
  if (fields[field] !== undefined && fields[field] !== value)
    throw new WatchpostError('api.invalid', { path: `/${field}`, details: { expected: value } });
  fields[field] = value;
}

/** Whether a schema, or one of those that it chooses between, takes a field. */
function hasField(schema: unknown, field: string): boolean {
  if (schema === null || typeof schema !== 'object') return false;
  const { shape, options } = schema as { readonly shape?: object; readonly options?: readonly unknown[] };
  return shape ? field in shape : (options ?? []).some((one) => hasField(one, field));
}

/** The version of what an answer is about: its own, or that of the one thing in it that has one. */
function versionOf(payload: unknown): number | undefined {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return undefined;
  const own = numberIn(payload);
  if (own !== undefined) return own;
  const inside = Object.values(payload).flatMap((part) => numberIn(part) ?? []);
  return inside.length === 1 ? inside[0] : undefined;
}

function numberIn(part: unknown): number | undefined {
  if (part === null || typeof part !== 'object' || !('version' in part)) return undefined;
  return typeof part.version === 'number' ? part.version : undefined;
}

const isJson = (type: unknown): boolean => typeof type === 'string' && type.startsWith('application/json');

const knows = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag.replace(/^W\//, ''));

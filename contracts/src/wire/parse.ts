import type { z } from 'zod';
import type { ErrorCode } from '../errors/error-registry.ts';
import { WatchpostError } from '../errors/watchpost-error.ts';
import { type Canary, canarySchema } from './events/canary.ts';
import { type Envelope, envelopeSchema, type WatchpostEvent } from './events/event.ts';
import { eventDataSchemas, isEventType } from './events/event-types.ts';
import { isSystemEventType } from './events/system.ts';
import { wireLimits } from './limits.ts';
import { roundedScores } from './rounded-scores.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A JSON pointer (RFC 6901) for a path of zod. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Checks a value against its schema.
 * @throws WatchpostError `code` (by default `wire.schema`) with the JSON pointer of the first offending
 *   field.
 */
export function parseWith<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: ErrorCode = 'wire.schema',
  prefix = '',
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownField = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = issue ? [...issue.path, ...(unknownField === undefined ? [] : [unknownField])] : [];
  throw new WatchpostError(code, {
    path: prefix + jsonPointer(path) || '/',
    details: { expected: issue?.message ?? 'a valid value' },
  });
}

/**
 * Reads a payload as JSON.
 * @throws WatchpostError `wire.too_large` above {@link wireLimits}.payloadBytes, `wire.not_json` for anything
 *   but UTF-8 JSON.
 */
export function parseJson(payload: Uint8Array, maxBytes: number = wireLimits.payloadBytes): unknown {
  if (payload.byteLength > maxBytes) {
    throw new WatchpostError('wire.too_large', { details: { bytes: payload.byteLength, limit: maxBytes } });
  }
  try {
    return JSON.parse(decoder.decode(payload));
  } catch (cause) {
    throw new WatchpostError('wire.not_json', { cause, details: { bytes: payload.byteLength } });
  }
}

/**
 * Checks one event whole: the envelope, then `data` by its type.
 * @throws WatchpostError `wire.schema` with the offending path, `wire.unknown_type`, or `wire.reserved_type`
 *   for what only alerting
 * itself may say.
 */
export function parseEvent(value: unknown): WatchpostEvent {
  const envelope: Envelope = parseWith(envelopeSchema, value);
  checkExtensions(value);
  if (isSystemEventType(envelope.type))
    throw new WatchpostError('wire.reserved_type', { path: '/type', details: { type: envelope.type } });
  if (!isEventType(envelope.type))
    throw new WatchpostError('wire.unknown_type', { path: '/type', details: { type: envelope.type } });
  const data = parseWith(eventDataSchemas[envelope.type], envelope.data, 'wire.schema', '/data');
  return { ...envelope, data: roundedScores(data) } as WatchpostEvent;
}

/**
 * Checks a canary whole.
 * @throws WatchpostError `wire.schema` with the offending path
 */
export function parseCanary(value: unknown): Canary {
  const canary = parseWith(canarySchema, value);
  checkExtensions(value);
  return canary;
}

/** Bytes of a value as JSON; endless where it is nested too deeply to be written. */
function bytesOf(value: object): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Unknown extensions are tolerated as long as they are small: nobody looks at what is in them. */
function checkExtensions(value: unknown): void {
  const unknown = Object.entries(value as object).filter(
    ([name]) => !Object.hasOwn(envelopeSchema.shape, name),
  );
  const bytes = unknown.length === 0 ? 0 : bytesOf(Object.fromEntries(unknown));
  if (bytes <= wireLimits.extensionBytes) return;
  throw new WatchpostError('wire.extensions_too_large', {
    path: jsonPointer(unknown.slice(0, 1).map(([name]) => name.slice(0, 64))),
    details: { bytes, limit: wireLimits.extensionBytes },
  });
}

import { WatchpostError } from '@watchpost/contracts/errors';
import {
  deviceIdSchema,
  epochSchema,
  gatewayIdSchema,
  type ParsedTopic,
  parseEvent,
  parseJson,
  parseSource,
  seqSchema,
  sourceSchema,
  unstorablePath,
  wireLimits,
} from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { SiteDirectory } from '../places/site-directory.ts';
import { rejectPolicy } from '../store/policy.ts';
import type { NewReject } from '../store/reject-store.ts';
import { type ClockEstimate, correctTime, latenessOf } from './event-time.ts';
import { requireKnownNames } from './known-names.ts';
import { type IncomingEvent, type IncomingReject, noWork, type Work } from './work.ts';

/** A message as it came from the broker. */
export interface Message {
  readonly topic: string;
  readonly parsed: ParsedTopic;
  readonly payload: Uint8Array;
  readonly receivedMs: number;
}

/** Makes ids; passed in so that reading stays a function of its input. */
export type NewId = () => string;

const positionSchema = z.looseObject({ epoch: epochSchema, seq: seqSchema });
const sourceOnlySchema = z.looseObject({ source: sourceSchema });

/** Turns an error into a reject; what is not ours counts as a schema error, because parsing is all that happens here. */
export function toReject(
  message: Message,
  error: unknown,
  newId: NewId,
  payload: Uint8Array = message.payload,
  device: string | undefined = undefined,
): NewReject {
  const known = error instanceof WatchpostError ? error : undefined;
  return {
    id: newId(),
    receivedAt: new Date(message.receivedMs).toISOString(),
    topic: message.topic,
    gateway: gatewayIdSchema.safeParse(message.parsed.gateway).data ?? null,
    device: deviceIdSchema.safeParse(device).data ?? null,
    code: known?.code ?? 'wire.schema',
    path: known?.path ?? null,
    bytes: payload.byteLength,
    // A copy: a view of the beginning would keep the whole message in memory while the reject waits.
    payload: Uint8Array.from(
      mayHoldFace(message, payload) ? [] : payload.subarray(0, rejectPolicy.payloadBytes),
    ),
  };
}

/** Of what may be about a face nothing is kept, whatever is wrong with it; measurements are numbers, and so is a template. */
function mayHoldFace({ parsed }: Message, payload: Uint8Array): boolean {
  if (parsed.name === 'telemetry') return true;
  const text = Buffer.from(payload).toString('latin1');
  return /face/i.test(
    text.replace(/\\u00([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

function deviceOf(value: unknown): string | undefined {
  const source = sourceOnlySchema.safeParse(value);
  return source.success ? parseSource(source.data.source).device : undefined;
}

/** Reads one event of a message. */
function readEvent(
  value: unknown,
  message: Message,
  directory: SiteDirectory,
  clock: ClockEstimate,
): IncomingEvent {
  const event = parseEvent(value);
  const unstorable = unstorablePath(event);
  if (unstorable !== undefined) throw new WatchpostError('wire.text_unstorable', { path: unstorable || '/' });
  const { site, device: deviceId } = parseSource(event.source);
  if (event.gateway !== message.parsed.gateway)
    throw new WatchpostError('wire.source_mismatch', { path: '/gateway' });
  if (site !== message.parsed.site) throw new WatchpostError('wire.source_mismatch', { path: '/source' });
  const device = directory.device(deviceId);
  if (!device || device.gateway !== event.gateway) {
    throw new WatchpostError('wire.unknown_device', { path: '/source', details: { device: deviceId } });
  }
  requireKnownNames(event, device, directory);
  const corrected = correctTime(event, message.receivedMs, clock);
  const { timeMs, by } = corrected;
  return {
    event: { ...event, time: new Date(timeMs).toISOString() },
    gateway: event.gateway,
    device,
    topic: message.topic,
    receivedMs: message.receivedMs,
    ...latenessOf(event, corrected, message.receivedMs),
    ...(by === 'clock' ? {} : { clockOffsetMs: timeMs - Date.parse(event.time) }),
    ...(by === 'unknown' ? { timeUnknown: true } : {}),
  };
}

/** One value of a message as text; the whole message where the value is nested too deeply to be written again. */
function payloadOf(value: unknown, message: Message): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(value) ?? '');
  } catch {
    return message.payload;
  }
}

function rejectEvent(value: unknown, message: Message, error: unknown, newId: NewId): IncomingReject {
  const reject = toReject(message, error, newId, payloadOf(value, message), deviceOf(value));
  const position = positionSchema.safeParse(value);
  const gateway = message.parsed.gateway;
  if (!position.success || gateway === undefined) return { reject };
  return { reject, position: { gateway, epoch: position.data.epoch, seq: position.data.seq } };
}

/**
 * Reads a message of the `up` topic: each bad event is rejected on its own, the good ones go on. `clock`: what is known of the
 * gateway's.
 */
export function readEvents(
  message: Message,
  directory: SiteDirectory,
  newId: NewId,
  clock: ClockEstimate = { offsetMs: null },
): Work {
  const events: IncomingEvent[] = [];
  const rejects: IncomingReject[] = [];
  try {
    const json = parseJson(message.payload);
    const values: readonly unknown[] = Array.isArray(json) ? json : [json];
    if (values.length > wireLimits.batchEvents) {
      // Nothing counts as handled: the events may be good, and come again in smaller batches.
      throw new WatchpostError('wire.batch_too_long', { details: { events: values.length } });
    }
    for (const value of values) {
      try {
        events.push(readEvent(value, message, directory, clock));
      } catch (error) {
        rejects.push(rejectEvent(value, message, error, newId));
      }
    }
  } catch (error) {
    rejects.push({ reject: toReject(message, error, newId) });
  }
  return { ...noWork, events, rejects };
}

import { WatchpostError } from '@watchpost/contracts/errors';
import {
  epochSchema,
  isCanary,
  parseCanary,
  parseEvent,
  parseJson,
  parseSource,
  seqSchema,
  sourceOf,
  sourceSchema,
  unstorablePath,
  wireLimits,
} from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { SiteDirectory } from '../places/site-directory.ts';
import { type ClockEstimate, correctTime } from './event-time.ts';
import {
  emptyBatch,
  type IncomingCanary,
  type IncomingEvent,
  type IncomingReject,
  type IngestBatch,
} from './ingest-batch.ts';
import { requireKnownNames } from './known-names.ts';
import { latenessOf } from './lateness.ts';
import type { LatenessLimits } from './policy.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';

const positionSchema = z.looseObject({ epoch: epochSchema, seq: seqSchema });
const sourceOnlySchema = z.looseObject({ source: sourceSchema });

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
  late: LatenessLimits,
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
    ...latenessOf(event, corrected, message.receivedMs, late),
    ...(by === 'clock' ? {} : { clockOffsetMs: timeMs - Date.parse(event.time) }),
    ...(by === 'unknown' ? { timeUnknown: true } : {}),
  };
}

/** Reads a canary, which is of the gateway itself. */
function readCanary(value: unknown, { parsed }: Message, { site }: SiteDirectory): IncomingCanary {
  const { id, gateway, source, epoch, seq, data } = parseCanary(value);
  if (gateway !== parsed.gateway) throw new WatchpostError('wire.source_mismatch', { path: '/gateway' });
  if (source !== sourceOf(site.id, gateway))
    throw new WatchpostError('wire.source_mismatch', { path: '/source' });
  if (!site.gateways.includes(gateway)) throw new WatchpostError('wire.unknown_device', { path: '/source' });
  return { id: id.toLowerCase(), gateway, ...data, position: { epoch, seq } };
}

/**
 * One value of a message as text; the whole message where the value is nested too deeply to be written again.
 */
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
 * Reads a message of the `up` topic: each bad event is rejected on its own, the good ones go on. `late`: when
 * one is too late to page; `clock`: what is known of the gateway's.
 */
export function readEvents(
  message: Message,
  directory: SiteDirectory,
  newId: NewId,
  late: LatenessLimits,
  clock: ClockEstimate = { offsetMs: null },
): IngestBatch {
  const events: IncomingEvent[] = [];
  const rejects: IncomingReject[] = [];
  const canaries: IncomingCanary[] = [];
  try {
    const json = parseJson(message.payload);
    const values: readonly unknown[] = Array.isArray(json) ? json : [json];
    if (values.length > wireLimits.batchEvents) {
      // Nothing counts as handled: the events may be good, and come again in smaller batches.
      throw new WatchpostError('wire.batch_too_long', { details: { events: values.length } });
    }
    for (const value of values) {
      try {
        if (isCanary(value)) canaries.push(readCanary(value, message, directory));
        else events.push(readEvent(value, message, directory, clock, late));
      } catch (error) {
        rejects.push(rejectEvent(value, message, error, newId));
      }
    }
  } catch (error) {
    rejects.push({ reject: toReject(message, error, newId) });
  }
  return { ...emptyBatch, events, rejects, canaries };
}

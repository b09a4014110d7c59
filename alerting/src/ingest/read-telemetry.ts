import { WatchpostError } from '@watchpost/contracts/errors';
import { measures } from '@watchpost/contracts/site';
import {
  type Measurement,
  parseJson,
  parseWith,
  resolveTelemetry,
  telemetryPackSchema,
} from '@watchpost/contracts/wire';
import type { SiteDirectory } from '../places/site-directory.ts';
import { type ClockEstimate, isPlausible, nearestTime } from './event-time.ts';
import { emptyBatch, type IngestBatch } from './ingest-batch.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';

/** Why a measurement cannot be kept, if so. */
function flaw(
  measurement: Measurement,
  message: Message,
  directory: SiteDirectory,
): WatchpostError | undefined {
  const { device, metric, timeMs, value, unit } = measurement;
  const known = directory.device(device);
  if (!known || known.gateway !== message.parsed.gateway) {
    return new WatchpostError('wire.unknown_device', { path: '/n' });
  }
  if (!measures(known.kind, metric, unit)) return new WatchpostError('wire.unknown_metric', { path: '/n' });
  if (!Number.isFinite(timeMs) || !isPlausible(timeMs, message.receivedMs)) {
    return new WatchpostError('wire.time_implausible', { path: '/t' });
  }
  if (!Number.isFinite(value)) {
    return new WatchpostError('wire.schema', { path: '/v' });
  }
  return undefined;
}

/**
 * Reads a SenML pack. The offset is that of a gateway that does not correct its times itself. Measurements
 * that cannot be kept make one reject per pack and reason; the others go on.
 */
export function readTelemetry(
  message: Message,
  directory: SiteDirectory,
  newId: NewId,
  { offsetMs, behindMs }: ClockEstimate = { offsetMs: null },
): IngestBatch {
  const { gateway } = message.parsed;
  if (gateway === undefined) return emptyBatch;
  try {
    const pack = parseWith(telemetryPackSchema, parseJson(message.payload));
    const flaws = new Map<string, WatchpostError>();
    const measurements = resolveTelemetry(pack, message.receivedMs - (offsetMs ?? 0)).flatMap((taken) => {
      const measurement = {
        ...taken,
        timeMs: nearestTime(taken.timeMs + (offsetMs ?? 0), message.receivedMs, behindMs),
      };
      const error = flaw(measurement, message, directory);
      if (error) flaws.set(error.code, error);
      return error === undefined ? [measurement] : [];
    });
    const rejects = [...flaws.values()].map((error) => ({ reject: toReject(message, error, newId) }));
    return { ...emptyBatch, rejects, telemetry: [{ gateway, measurements }] };
  } catch (error) {
    return { ...emptyBatch, rejects: [{ reject: toReject(message, error, newId) }] };
  }
}

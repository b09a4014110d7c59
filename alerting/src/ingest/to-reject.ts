import { WatchpostError } from '@watchpost/contracts/errors';
import { deviceIdSchema, gatewayIdSchema, type ParsedTopic } from '@watchpost/contracts/wire';
import { rejectPolicy } from '../store/policy.ts';
import type { NewReject } from '../store/reject-store.ts';

/** A message as it came from the broker. */
export interface Message {
  readonly topic: string;
  readonly parsed: ParsedTopic;
  readonly payload: Uint8Array;
  readonly receivedMs: number;
}

/** Makes ids; passed in so that reading stays a function of its input. */
export type NewId = () => string;

/**
 * Turns an error into a reject; what is not ours counts as a schema error, because parsing is all that
 * happens here.
 */
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

/**
 * Of what may be about a face nothing is kept, whatever is wrong with it; measurements are numbers, and so is
 * a template.
 */
function mayHoldFace({ parsed }: Message, payload: Uint8Array): boolean {
  if (parsed.name === 'telemetry') return true;
  const text = Buffer.from(payload).toString('latin1');
  return /face/i.test(
    text.replace(/\\u00([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

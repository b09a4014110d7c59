import { WatchpostError } from '@watchpost/contracts/errors';
import type { RefusalReason } from '../operations/broker-metrics.ts';

const networkCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

/**
 * Why a connection ended with this error, or `undefined` when it was the network, or a refusal that was
 * already counted where it was decided.
 */
export function refusalOf(error: Error): RefusalReason | undefined {
  if (error instanceof WatchpostError) {
    if (error.code === 'broker.packet_too_large') return 'packet_too_large';
    if (error.code === 'broker.slow_consumer') return 'slow_consumer';
    if (error.code === 'broker.quota') return 'subscriptions';
    return error.code === 'broker.malformed_packet' ? 'malformed_packet' : undefined;
  }
  if ('errorCode' in error || ('code' in error && networkCodes.has(String(error.code)))) return undefined;
  // Aedes gives these no code
  if (error.message === 'connect did not arrive in time') return 'connect_timeout';
  if (error.message.startsWith('maxInflightInbound')) return 'inflight';
  if (error.message === 'keep alive timeout') return 'keepalive';
  if (
    error.message === 'connection closed' ||
    error.message === 'broker stops' ||
    error.message === 'drain timeout'
  )
    return undefined;
  return 'malformed_packet';
}

/** What is written down of it. */
export const detailsOf = (error: Error): WatchpostError['details'] =>
  error instanceof WatchpostError ? error.details : { found: error.message };

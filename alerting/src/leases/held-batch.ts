import type { IngestBatch } from '../ingest/ingest-batch.ts';

/** The gateways whose leases a commit of this batch needs, each once. */
export function gatewaysOf({
  events,
  rejects,
  telemetry,
  canaries,
  settled,
}: IngestBatch): readonly string[] {
  return [
    ...new Set([
      ...events.map(({ gateway }) => gateway),
      ...rejects.flatMap(({ position }) => (position ? [position.gateway] : [])),
      ...telemetry.map(({ gateway }) => gateway),
      ...canaries.map(({ gateway }) => gateway),
      ...settled,
    ]),
  ].sort();
}

/** What is left of a batch without all that these gateways say. */
export function withoutGateways(batch: IngestBatch, gateways: readonly string[]): IngestBatch {
  const isLost = new Set(gateways);
  return {
    events: batch.events.filter(({ gateway }) => !isLost.has(gateway)),
    rejects: batch.rejects.filter(({ position }) => !position || !isLost.has(position.gateway)),
    telemetry: batch.telemetry.filter(({ gateway }) => !isLost.has(gateway)),
    canaries: batch.canaries.filter(({ gateway }) => !isLost.has(gateway)),
    settled: batch.settled.filter((gateway) => !isLost.has(gateway)),
  };
}

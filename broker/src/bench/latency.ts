import { startOurs } from './subjects.ts';
import { type Figure, type Progress, runLoad } from './throughput.ts';

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;

/**
 * From the moment a message is due at its gateway until the subscriber has it, at 1000 messages per second.
 */
export async function benchLatency(progress: Progress, seconds = 10): Promise<Figure[]> {
  const ours = await startOurs();
  try {
    const order = { port: ours.port, anonymous: false, gateways: [0], seconds, window: 0, perSecond: 1000 };
    const { latenciesMs } = await runLoad(order);
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    progress(`${sorted.length} messages`);
    return [
      { figure: 'deliver_p50_ms', value: share(sorted, 0.5), unit: 'ms', n: sorted.length },
      { figure: 'deliver_p99_ms', value: share(sorted, 0.99), unit: 'ms', n: sorted.length },
    ];
  } finally {
    await ours.stop();
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { commandPolicy } from '../policy.ts';
import type { Texts } from '../texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { byLabel, parsePrometheus, type Sample, totalOf } from './prometheus-text.ts';

export interface BrokerTopOptions {
  readonly url: string;
  /** Seconds between two looks. */
  readonly every: string;
  readonly once: boolean;
  readonly json: boolean;
  readonly lang?: string;
}

/** What one look shows; rates are per second since the look before. */
export interface BrokerView {
  readonly connections: number;
  readonly clients: number;
  readonly sessions: number;
  readonly queued: number;
  readonly retained: number;
  readonly retainedBytes: number;
  /** Whether the cluster can be reached; absent for a broker alone. */
  readonly clusterUp?: boolean;
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  readonly bytesInPerSecond: number;
  readonly connectsPerSecond: number;
  readonly takeovers: number;
  readonly throttled: number;
  /** Since the start, by reason or limit; those at 0 are left out. */
  readonly refused: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
}

const metric = (name: string): string => `watchpost_broker_${name}`;
const clearScreen = '\u001b[H\u001b[2J';

/** The difference of two looks. A counter that went down has begun again with its process. */
export function viewOf(before: Sample, now: Sample): BrokerView {
  const seconds = Math.max(0.001, (now.timeMs - before.timeMs) / 1000);
  const rate = (name: string) => {
    const [from, to] = [totalOf(before, metric(name)), totalOf(now, metric(name))];
    return Math.round(((to >= from ? to - from : to) / seconds) * 10) / 10;
  };
  const count = (name: string) => totalOf(now, metric(name));
  const above0 = (name: string) =>
    Object.fromEntries(Object.entries(byLabel(now, metric(name))).filter(([, value]) => value > 0));
  const clusterUp = now.values.get(metric('cluster_up'));
  return {
    connections: count('connections'),
    clients: count('clients'),
    sessions: count('sessions'),
    queued: count('queued_messages'),
    retained: count('retained_messages'),
    retainedBytes: count('retained_bytes'),
    ...(clusterUp === undefined ? {} : { clusterUp: clusterUp === 1 }),
    inPerSecond: rate('messages_in_total'),
    outPerSecond: rate('messages_out_total'),
    bytesInPerSecond: rate('payload_bytes_in_total'),
    connectsPerSecond: rate('connects_total'),
    takeovers: count('takeovers_total'),
    throttled: count('throttled_total'),
    refused: above0('refused_total'),
    dropped: above0('dropped_total'),
  };
}

/**
 * `watchpost broker top`: what the broker does, until Ctrl-C. `broker.unreachable` when its metrics do not
 * answer.
 */
export function brokerTopCommand(options: BrokerTopOptions, io: CommandIo = terminal): Promise<number> {
  return runCommand(io, options.lang, async (texts) => {
    const everyMs = Number(options.every) * 1000;
    if (!(everyMs >= 100 && everyMs <= 3_600_000))
      throw new WatchpostError('config.invalid', { path: '/--every', details: { expected: '0.1 … 3600' } });
    let before = await look(options.url);
    for (;;) {
      await delay(everyMs);
      const now = await look(options.url);
      const view = viewOf(before, now);
      if (options.json) io.out(`${JSON.stringify(view)}\n`);
      else io.out(`${options.once ? '' : clearScreen}${page(view, options.url, texts)}`);
      if (options.once) return 0;
      before = now;
    }
  });
}

async function look(url: string): Promise<Sample> {
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(commandPolicy.metricsMs) });
    text = response.ok ? await response.text() : '';
  } catch (cause) {
    throw new WatchpostError('broker.unreachable', { path: '/--url', details: { url }, cause });
  }
  const sample = parsePrometheus(text, performance.now());
  if (!sample.values.has(metric('connections')))
    throw new WatchpostError('broker.unreachable', {
      path: '/--url',
      details: { url, expected: 'metrics of the broker' },
    });
  return sample;
}

function page(view: BrokerView, url: string, texts: Texts): string {
  const rows: [string, string][] = [
    [texts.topIn, `${view.inPerSecond}/s  ${(view.bytesInPerSecond / 1024).toFixed(1)} KiB/s`],
    [texts.topOut, `${view.outPerSecond}/s`],
    [texts.topConnections, `${view.connections}`],
    [texts.topClients, `${view.clients}  (+${view.connectsPerSecond}/s)`],
    [texts.topSessions, `${view.sessions}`],
    [texts.topQueued, `${view.queued}`],
    [texts.topRetained, `${view.retained}  (${(view.retainedBytes / 1024).toFixed(1)} KiB)`],
    [texts.topTakeovers, `${view.takeovers}`],
    [texts.topThrottled, `${view.throttled}`],
  ];
  if (view.clusterUp !== undefined)
    rows.push([texts.topCluster, view.clusterUp ? texts.topUp : texts.topDown]);
  const lists: [string, Readonly<Record<string, number>>][] = [
    [texts.topRefused, view.refused],
    [texts.topDropped, view.dropped],
  ];
  const lines = rows.map(([name, value]) => `${inWidth(name, 24)}${value}`);
  for (const [name, counts] of lists) {
    const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
    lines.push('', `${name}${sorted.length === 0 ? `: ${texts.topNone}` : ''}`);
    for (const [reason, count] of sorted) lines.push(`  ${reason.padEnd(26)}${count}`);
  }
  return `${texts.topTitle}  ${url}\n\n${lines.join('\n')}\n`;
}

/** Chinese characters take two columns. */
function inWidth(text: string, columns: number): string {
  const width = [...text].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, columns - width));
}

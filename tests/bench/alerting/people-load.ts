import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../support/api-client.ts';
import type { ReceiptedSender } from '../../support/receipted-sender.ts';
import { apartCount, dangers, gatewayCount } from './bench-site.ts';
import { apartAlarm, motion } from './said.ts';

const perSecond = 500;
const criticalPerSecond = 5;

/**
 * Sends 500 events/s evenly, of which 5 are critical, each an incident of its own, from the incident `first`
 * on; gives when each of them was captured, by device and kind.
 */
export async function offerCriticals(
  gateways: readonly ReceiptedSender[],
  seconds: number,
  first = 0,
): Promise<ReadonlyMap<string, number>> {
  const sentAt = new Map<string, number>();
  const startMs = performance.now();
  const total = perSecond * seconds;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
    for (; sent < due; sent++) {
      const critical = sent % (perSecond / criticalPerSecond) === 0;
      const index = sent % gatewayCount;
      if (!critical) gateways[index]?.send([motion(index)]);
      else {
        const which = first + sent / (perSecond / criticalPerSecond);
        const zone = which % apartCount;
        const danger = dangers[Math.floor(which / apartCount) % dangers.length] ?? 'smoke';
        sentAt.set(`apart-${zone} ${danger}`, Date.now());
        gateways[zone % gatewayCount]?.send([apartAlarm(zone, danger)]);
      }
    }
    await sleep(2);
  }
  return sentAt;
}

/** Which danger a text about an alert speaks of. */
export const dangerOf = (text: string): string => (/panic/i.test(text) ? 'panic' : 'smoke');

/** When the stream first told of each alert, by device and kind. */
export class StreamTimes {
  readonly times = new Map<string, number>();
  readonly #abort = new AbortController();

  async open(api: ApiClient): Promise<void> {
    const answer = await api.get('/stream', this.#abort.signal);
    if (!answer.ok || !answer.body) throw new Error(`the stream answered ${answer.status}`);
    void this.#read(answer.body).catch(() => undefined);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^event: alert$/m.test(message) && /^data: (.*)$/m.exec(message)?.[1];
        if (!data) continue;
        const { device, eventType } = JSON.parse(data) as { device: string; eventType: string };
        const key = `${device} ${dangerOf(eventType)}`;
        if (!this.times.has(key)) this.times.set(key, Date.now());
      }
    }
  }
}

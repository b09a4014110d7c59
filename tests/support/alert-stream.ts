import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import type { ApiClient } from './api-client.ts';
import { waitFor } from './wait-for.ts';

/** What an officer's screen hears: the alerts of the event stream since it was opened. */
export class AlertStream {
  readonly alerts: Alert[] = [];
  readonly #abort = new AbortController();

  static async open(api: ApiClient): Promise<AlertStream> {
    const stream = new AlertStream();
    const answer = await api.get('/stream', stream.#abort.signal);
    if (!answer.ok || !answer.body) throw new Error(`the stream answered ${answer.status}`);
    void stream.#read(answer.body).catch(() => undefined);
    return stream;
  }

  /** The first alert, of those that came and that will, for which this is true. */
  next(what: string, wanted: (alert: Alert) => boolean, timeoutMs = 60_000): Promise<Alert> {
    return waitFor(what, () => this.alerts.find(wanted), timeoutMs);
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
      for (const message of messages) this.#take(message);
    }
  }

  #take(message: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(message)?.[1];
    if (field('event') === 'alert') this.alerts.push(alertSchema.parse(JSON.parse(field('data') ?? '')));
  }
}

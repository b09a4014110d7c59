import { describe, expect, it } from 'vitest';
import type { StreamReader, StreamWord } from '../api/event-stream.ts';
import { consolePolicy } from '../policy.ts';
import { SharedStream, type SharedStreamParts } from './shared-stream.ts';
import type { LeaseHolder } from './tab-lease.ts';

const beat: StreamWord = { name: 'heartbeat', payload: { time: '2026-11-01T08:00:00.000Z' } };
const silenceS = consolePolicy.silenceMs / 1000;

/** A browser with tabs, of which the first that asks holds the lease until it is closed or robbed. */
class Browser {
  nowMs = 0;
  readonly waiting: LeaseHolder[] = [];
  readonly channels = new Set<{ onmessage: ((event: MessageEvent) => void) | null }>();
  /** The kinds of all messages between tabs. */
  readonly said: string[] = [];
  readonly ticking = new Set<() => void>();
  readonly streams: { reader: StreamReader; after: string | undefined; renewed: number; open: boolean }[] =
    [];

  tab() {
    const words: string[] = [];
    const connections: string[] = [];
    const parts: SharedStreamParts = {
      stream: (reader) => {
        const stream = { reader, after: undefined as string | undefined, renewed: 0, open: false };
        this.streams.push(stream);
        return {
          start: (after) => Object.assign(stream, { after, open: true }),
          stop: () => Object.assign(stream, { open: false }),
          renew: () => {
            stream.renewed += 1;
          },
        };
      },
      lease: (holder) => ({
        start: () => {
          this.waiting.push(holder);
          if (this.waiting.length === 1) holder.held();
        },
        stop: () => {
          const held = this.waiting[0] === holder;
          this.waiting.splice(this.waiting.indexOf(holder), 1);
          if (held) this.waiting[0]?.held();
        },
        steal: () => {
          const robbed = this.waiting[0];
          this.waiting.splice(this.waiting.indexOf(holder), 1);
          this.waiting.unshift(holder);
          robbed?.lost();
          holder.held();
        },
      }),
      channel: () => {
        const channel = {
          onmessage: null as ((event: MessageEvent) => void) | null,
          close: () => this.channels.delete(channel),
          postMessage: (data: unknown) => {
            this.said.push((data as { kind: string }).kind);
            for (const other of this.channels)
              if (other !== channel) other.onmessage?.({ data } as MessageEvent);
          },
        };
        this.channels.add(channel);
        return channel;
      },
      monotonicMs: () => this.nowMs,
      onTick: (reader) => {
        this.ticking.add(reader);
        return () => this.ticking.delete(reader);
      },
    };
    const listener = {
      connection: (state: string) => connections.push(state),
      word: ({ name }: StreamWord) => words.push(name),
    };
    const shared = new SharedStream('/stream', listener, parts);
    shared.start();
    return { shared, words, connections };
  }

  pass(seconds: number, each?: () => void): void {
    for (let second = 0; second < seconds; second += 1) {
      this.nowMs += 1000;
      each?.();
      for (const tick of [...this.ticking]) tick();
    }
  }
}

describe('one stream for all tabs', () => {
  it('is opened by one of seven, and heard by all', () => {
    const browser = new Browser();
    const tabs = Array.from({ length: 7 }, () => browser.tab());
    expect(browser.streams).toHaveLength(1);
    browser.streams[0]?.reader.word(beat, 'r.1');
    for (const { words, connections } of tabs) {
      expect([words, connections]).toEqual([['heartbeat'], ['connecting', 'live']]);
    }
  });

  it('is not told to tabs that are not there, and is to one that comes', () => {
    const browser = new Browser();
    browser.tab();
    const [stream] = browser.streams;
    browser.pass(consolePolicy.othersSilenceMs / 1000);
    stream?.reader.word(beat, 'r.1');
    expect(browser.said).not.toContain('word');
    const late = browser.tab();
    stream?.reader.word(beat, 'r.2');
    expect(late.words).toEqual(['heartbeat']);
    browser.pass((3 * consolePolicy.othersSilenceMs) / 1000, () => stream?.reader.word(beat, 'r.3'));
    expect(late.words).toHaveLength(1 + (3 * consolePolicy.othersSilenceMs) / 1000);
    browser.said.length = 0;
    late.shared.stop();
    browser.pass(consolePolicy.othersSilenceMs / 1000);
    stream?.reader.word(beat, 'r.4');
    expect(browser.said).not.toContain('word');
  });

  it('goes on where it was in another tab when its own is closed', () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    browser.streams[0]?.reader.word(beat, 'r.7');
    first.shared.stop();
    expect(browser.streams.map(({ open, after }) => [open, after])).toEqual([
      [false, undefined],
      [true, 'r.7'],
    ]);
    browser.streams[1]?.reader.word(beat, 'r.8');
    expect(second.words).toHaveLength(2);
  });

  it('is lost in every tab when nothing is heard, is tried anew, and is live again with the first word', () => {
    const browser = new Browser();
    const tabs = [browser.tab(), browser.tab()];
    const stream = browser.streams[0];
    browser.pass(20, () => stream?.reader.word(beat, 'r.1'));
    expect(tabs.map(({ connections }) => connections.at(-1))).toEqual(['live', 'live']);
    browser.pass(silenceS + 1);
    expect(tabs.map(({ connections }) => connections.at(-1))).toEqual(['lost', 'lost']);
    expect(stream?.renewed).toBe(1);
    browser.pass(silenceS + 1);
    expect(stream?.renewed).toBe(2);
    stream?.reader.word(beat, 'r.1');
    expect(tabs.map(({ connections }) => connections.at(-1))).toEqual(['live', 'live']);
  });

  it('is lost everywhere as soon as the connection breaks', () => {
    const browser = new Browser();
    const tabs = [browser.tab(), browser.tab()];
    browser.streams[0]?.reader.word(beat, 'r.1');
    browser.streams[0]?.reader.broken();
    expect(tabs.map(({ connections }) => connections.at(-1))).toEqual(['lost', 'lost']);
  });

  it('is taken over from a tab that hangs', () => {
    const browser = new Browser();
    browser.tab();
    const [hanging] = browser.ticking;
    const other = browser.tab();
    browser.streams[0]?.reader.word(beat, 'r.3');
    if (hanging) browser.ticking.delete(hanging);
    browser.pass(consolePolicy.leaderSilenceMs / 1000 + 1);
    expect(browser.streams.map(({ open }) => open)).toEqual([false, true]);
    browser.streams[1]?.reader.word(beat, 'r.4');
    expect(other.connections.at(-1)).toBe('live');
  });
});

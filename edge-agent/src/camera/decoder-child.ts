import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '@watchpost/service';
import { type DecoderOrder, type FrameWireHandlers, FrameWireReader, requests } from './frame-wire.ts';

const decoderFile = fileURLToPath(new URL('./decoder-process.ts', import.meta.url));
// A small heap keeps the decoder frugal: pixels live outside it.
const flags = ['--max-old-space-size=64', '--max-semi-space-size=1', ...nodeFlags];

export interface DecoderChildEvents extends FrameWireHandlers {
  /** The process is gone; called once. */
  onGone(how: string): void;
}

/** The agent’s end of one decoder process. */
export class DecoderChild {
  readonly #child: ChildProcess;

  constructor(order: DecoderOrder, events: DecoderChildEvents) {
    const child = spawn(process.execPath, [...flags, decoderFile], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '3', MALLOC_ARENA_MAX: '1', NODE_OPTIONS: '' },
    });
    this.#child = child;
    // A dying process may close its pipe first; its exit tells the story.
    child.stdin?.on('error', () => undefined);
    const reader = new FrameWireReader(events);
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        child.kill('SIGKILL');
      }
    });
    let gone = false;
    const end = (how: string) => {
      if (!gone) events.onGone(how);
      gone = true;
    };
    child.once('error', () => end('cannot be started'));
    child.once('exit', (code, signal) => end(signal ?? `exit ${code}`));
    // The order may hold a password: it goes through the pipe, not onto the command line.
    this.#write(`${JSON.stringify(order)}\n`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask(what: keyof typeof requests): void {
    this.#write(requests[what]);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Kills it; settles when the process is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  #write(text: string): void {
    (this.#child.stdin as Writable | null)?.write(text);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Frame } from '@watchpost/inference';
import { nodeFlags } from '@watchpost/service';
import type { Logger } from 'pino';
import { backoffMs } from '../domain/backoff.ts';
import type { DeviceHealthRecord } from '../domain/device-health.ts';
import { type DecoderOrder, type DecoderStatus, FrameWireReader } from './frame-wire.ts';

const decoderFile = fileURLToPath(new URL('./decoder-process.ts', import.meta.url));

export interface CameraSourceOptions {
  readonly order: DecoderOrder;
  /** Silence after which the decoder is killed and started anew. */
  readonly silentAfterMs: number;
  readonly health: DeviceHealthRecord;
  readonly log: Logger;
  /** Waits between restarts. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
  /** Works on one frame; the next comes only after it has settled. The pixels are valid until then. */
  onFrame(frame: Frame): Promise<void>;
}

/** A camera: owns one decoder process, restarts it with growing waits, and asks it for frames one at a time. */
export class CameraSource {
  readonly #options: CameraSourceOptions;
  #child: ChildProcess | null = null;
  #watch: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;
  #attempt = 0;
  #startedAt = 0;
  #lastPictureAt = 0;
  #seen = { decoded: 0, unreadable: 0 };
  #ended: DecoderStatus['ended'];
  #running = false;
  #restarting = false;

  constructor(options: CameraSourceOptions) {
    this.#options = options;
  }

  /** Process id of the decoder; undefined while there is none. */
  get decoderPid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#running = true;
    this.#attempt = 0;
    this.#spawn();
    this.#watch = setInterval(() => this.#checkSilence(), 500);
  }

  /** Ends the decoder; settles when the process is gone. */
  async stop(): Promise<void> {
    this.#running = false;
    if (this.#watch) clearInterval(this.#watch);
    if (this.#retry) clearTimeout(this.#retry);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** A new decoder at once, whatever the waits. Does nothing when stopped. */
  restart(): void {
    if (!this.#running) return;
    this.#attempt = 0;
    this.#restarting = true;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#child) this.#child.kill('SIGKILL');
    else this.#spawn();
  }

  #spawn(): void {
    const { order, health } = this.#options;
    if (this.#attempt === 0) health.set('starting');
    this.#ended = undefined;
    this.#restarting = false;
    this.#seen = { decoded: 0, unreadable: 0 };
    this.#startedAt = this.#lastPictureAt = performance.now();
    // A small heap keeps the decoder frugal: pixels live outside it.
    const flags = ['--max-old-space-size=64', '--max-semi-space-size=1', ...nodeFlags];
    const child = spawn(process.execPath, [...flags, decoderFile], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '' },
    });
    this.#child = child;
    const input = child.stdin as Writable;
    // A dying process may close its pipe first; its exit tells the story.
    input.on('error', () => undefined);
    const ask = () => input.write('n');
    const reader = new FrameWireReader({
      onFrame: (frame) => void this.#work(frame).then(ask),
      onStatus: (status) => this.#heard(child, status),
    });
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        child.kill('SIGKILL');
      }
    });
    child.once('error', () => this.#gone(child, 'cannot be started'));
    child.once('exit', (code, signal) => this.#gone(child, signal ?? `exit ${code}`));
    // The address may hold a password: it goes through the pipe, not onto the command line.
    input.write(`${JSON.stringify(order)}\n`);
    ask();
  }

  async #work(frame: Frame): Promise<void> {
    try {
      await this.#options.onFrame(frame);
    } catch (error) {
      this.#options.health.unreadable('edge.frame_unreadable');
      this.#options.log.warn(
        { err: error, device: this.#options.health.device },
        'frame could not be analysed',
      );
    }
  }

  #heard(child: ChildProcess, status: DecoderStatus): void {
    if (child !== this.#child) return;
    const { health, log } = this.#options;
    const pictures = status.decoded - this.#seen.decoded;
    const unreadable = status.unreadable - this.#seen.unreadable;
    this.#seen = { decoded: status.decoded, unreadable: status.unreadable };
    if (pictures > 0) {
      this.#lastPictureAt = performance.now();
      health.read(pictures);
    }
    if (unreadable > 0) health.unreadable('edge.frame_unreadable', unreadable);
    this.#ended = status.ended;
    if (status.ended)
      log.warn({ device: health.device, ended: status.ended, detail: status.detail }, 'camera ended');
  }

  #checkSilence(): void {
    if (!this.#child || performance.now() - this.#lastPictureAt < this.#options.silentAfterMs) return;
    this.#child.kill('SIGKILL');
  }

  #gone(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    const { health, log, retry = { firstMs: 500, maxMs: 30_000 } } = this.#options;
    this.#child = null;
    if (!this.#running) return;
    if (this.#restarting) {
      this.#spawn();
      return;
    }
    health.set('lost', 'edge.source_lost');
    // A file that was played to its end stays ended until somebody restarts it.
    if (this.#ended === 'end_of_file') return;
    if (performance.now() - this.#startedAt > 30_000) this.#attempt = 0;
    const delayMs = backoffMs(this.#attempt++, retry.firstMs, retry.maxMs, Math.random());
    log.warn({ device: health.device, how, delayMs }, 'camera decoder gone');
    this.#retry = setTimeout(() => this.#spawn(), delayMs);
  }
}

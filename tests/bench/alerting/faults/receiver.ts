import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A notice as it came to a receiver. */
export interface Heard {
  readonly atMs: number;
  /** The address under which it came. */
  readonly to: string;
  readonly id: string;
  readonly subject: string;
  readonly seq: number;
}

/** What the process of a receiver says: where it listens, and that it has begun or ended an answer. */
export type FromReceiver = { readonly port: number } | { readonly begun: boolean };

const entry = fileURLToPath(new URL('./receiver-process.ts', import.meta.url));

/** A receiver of notices that is a process of its own and can be killed, or lose its connections. */
export class Receiver {
  readonly #file: string;
  readonly #waiting = new Set<() => void>();
  #child: ChildProcess | undefined;
  #port = 0;
  #answering = 0;

  /** @param file in which it notes what it is told */
  constructor(file: string) {
    this.#file = file;
  }

  /** Notices that it has and has not answered. */
  get answering(): number {
    return this.#answering;
  }

  /** Gives where it listens: the same in each run. */
  async start(): Promise<string> {
    const child = fork(entry, [this.#file, String(this.#port)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    const [first] = (await once(child, 'message')) as [FromReceiver];
    if ('port' in first) this.#port = first.port;
    child.on('message', (message: FromReceiver) => this.#take(message));
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Calls `act` in the moment in which it has the next notice. */
  atNotice(act: () => void): () => void {
    this.#waiting.add(act);
    return () => this.#waiting.delete(act);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.removeAllListeners('message');
    child.kill('SIGKILL');
    await ended;
    this.#answering = 0;
  }

  /** Its connections end, and it goes on. */
  cut(): void {
    this.#child?.send('cut');
  }

  /** All that it ever was told. */
  heard(): Heard[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Heard]));
  }

  #take(message: FromReceiver): void {
    if (!('begun' in message)) return;
    this.#answering += message.begun ? 1 : -1;
    if (!message.begun) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const act of waiting) act();
  }
}

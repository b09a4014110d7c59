import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Debian keeps servers where only root’s path looks. */
process.env.PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Another server, in a folder of its own, on a port of 127.0.0.1. */
export class ServerProcess {
  readonly port: number;
  readonly folder: string;
  readonly #command: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(command: string, args: readonly string[], port: number, folder: string) {
    this.#command = command;
    this.#args = args;
    this.port = port;
    this.folder = folder;
  }

  /** Writes the files, starts the program, and waits until the port answers. */
  static async start(
    command: string,
    args: (folder: string, port: number) => readonly string[],
    files: (folder: string, port: number) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'watchpost-server-'));
    const port = await freePort();
    for (const [name, text] of Object.entries(files(folder, port)))
      await writeFile(join(folder, name), text, { mode: 0o600 });
    const server = new ServerProcess(command, args(folder, port), port, folder);
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    const child = spawn(this.#command, this.#args, { stdio: 'ignore', cwd: this.folder });
    const failed = once(child, 'error').then(([error]) => {
      throw error;
    });
    this.#child = child;
    await Promise.race([failed, this.#answers()]);
    failed.catch(() => undefined);
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Ends the program; its folder stays. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    for (;;) {
      const socket = connect(this.port, '127.0.0.1');
      const open = await Promise.race([
        once(socket, 'connect').then(
          () => true,
          () => false,
        ),
      ]);
      socket.destroy();
      if (open) return;
      if (this.#child?.exitCode != null)
        throw new Error(`${this.#command} ended with ${this.#child.exitCode}`);
      await delay(20);
    }
  }
}

/** A Redis that writes nothing to disk; `PORT` in its settings stands for the port. */
export const startRedis = (...more: string[]): Promise<ServerProcess> =>
  ServerProcess.start('redis-server', (folder, port) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ...more.map((word) => (word === 'PORT' ? String(port) : word)),
  ]);

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start -- --json` prints. */
export interface Ready {
  readonly ready: true;
  readonly console: string;
  readonly api: string;
  readonly mqtt: string;
  readonly flows: string;
  readonly user: string;
  readonly password: string;
}

export interface WatchpostProcess {
  readonly ready: Ready;
  /** Process id of `npm start`. */
  readonly pid: number;
  /**
   * Sends Ctrl-C’s signal to the process group, as a terminal does; resolves with the exit code and how long
   * it took.
   */
  interrupt(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
  /** Ends it for sure; for clean-up after a failure. */
  kill(): void;
}

export type Environment = Readonly<Record<string, string>>;

/**
 * Runs the README’s first command with free ports and waits for the line that says everything is up; of this
 * checkout, or of another one.
 */
export async function startWatchpost(
  environment: Environment,
  timeoutMs = 120_000,
  tree = root,
): Promise<WatchpostProcess> {
  const child = spawn('npm', ['start', '--silent', '--', '--json'], {
    cwd: tree,
    env: { ...process.env, WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ready = await readReadyLine(child, timeoutMs).catch((error: unknown) => {
    signalGroup(child, 'SIGKILL');
    throw error;
  });
  return {
    ready,
    pid: child.pid ?? 0,
    interrupt: () =>
      new Promise((resolve) => {
        const started = Date.now();
        child.once('exit', (code) => resolve({ code, tookMs: Date.now() - started }));
        signalGroup(child, 'SIGINT');
      }),
    kill: () => signalGroup(child, 'SIGKILL'),
  };
}

/** Waits for the line on standard output that says everything is up. */
export function readReadyLine(child: ChildProcess, timeoutMs: number): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(
      () => reject(new Error(`not ready after ${timeoutMs} ms:\n${errors.slice(-4000)}`)),
      timeoutMs,
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'));
      if (!line) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with ${code}:\n${errors.slice(-4000)}`));
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** A running process that belongs to the site with this data folder. */
export interface SiteProcess {
  readonly pid: number;
  readonly command: string;
  /** Resident memory in bytes. */
  readonly residentBytes: number;
}

/** All processes that carry this data folder in their environment (Linux). */
export function processesOf(dataFolder: string): SiteProcess[] {
  const found: SiteProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!environment.includes(`WATCHPOST_DATA=${dataFolder}`)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (resident) found.push({ pid: Number(name), command, residentBytes: Number(resident) * 1024 });
    } catch {
      // The process ended while we looked.
    }
  }
  return found;
}

/** Kills whatever of them is left; one that ends by itself meanwhile is no error. */
export function killProcessesOf(dataFolder: string): void {
  for (const { pid } of processesOf(dataFolder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
    }
  }
}

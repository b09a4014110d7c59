import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EdgeAgentConfigInput } from '../index.ts';

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What a process says when it runs, or why it does not. */
export interface Announcement {
  readonly ready: boolean;
  readonly code?: string;
}

/**
 * The agent as it runs at a site: a process with a configuration file, in a process group of its own. For
 * tests only.
 */
export class AgentProcess {
  readonly #child: ChildProcess;
  /** Its log, parsed. */
  readonly log: Record<string, unknown>[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.log.push(JSON.parse(line) as Record<string, unknown>);
    });
  }

  /** Starts it on `config`, which is written to `file`. */
  static start(file: string, config: EdgeAgentConfigInput): AgentProcess {
    writeFileSync(file, JSON.stringify(config));
    return new AgentProcess(
      fork(mainFile, [file], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], detached: true }),
    );
  }

  async announcement(): Promise<Announcement> {
    return (await once(this.#child, 'message'))[0] as Announcement;
  }

  /**
   * Sends a signal to the agent and to everything that it started, as a terminal or a supervisor does.
   * @returns its exit code
   */
  async signalGroup(signal: NodeJS.Signals): Promise<number | null> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return exitCode;
    const exit = once(this.#child, 'exit');
    process.kill(-pid, signal);
    return (await exit)[0] as number | null;
  }
}

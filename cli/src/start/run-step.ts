import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import { z } from 'zod';

/** What a step that failed sends before it ends. */
const stepFailure = z.object({
  failed: z.object({
    code: z.string(),
    path: z.string().optional(),
    details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  }),
});

/** A step of a start. */
export interface Step {
  readonly name: string;
  /** Its program. */
  readonly entry: URL;
  readonly argument: string;
  /** Aborted when the person gives up. */
  readonly signal: AbortSignal;
}

/**
 * Runs a step in a process of its own, so that what it needs in memory is gone with it; gives its message.
 * @throws WatchpostError its own, or `start.step_failed`
 */
export function runStep({ name, entry, argument, signal }: Step): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(entry), [argument], {
      execArgv: [...nodeFlags],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    let answer: unknown;
    signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
    child.once('message', (message) => {
      answer = message;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(answer);
      else reject(stepFailed(name, answer));
    });
  });
}

/** The step's own word for what went wrong, when it had one. */
function stepFailed(step: string, answer: unknown): WatchpostError {
  const said = stepFailure.safeParse(answer);
  if (!said.success) return new WatchpostError('start.step_failed', { details: { step } });
  const { code, path, details = {} } = said.data.failed;
  const known = code in errorRegistry ? (code as ErrorCode) : 'start.step_failed';
  return new WatchpostError(known, { ...(path ? { path } : {}), details: { step, ...details } });
}

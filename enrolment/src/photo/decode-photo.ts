import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import { photoPolicy } from './policy.ts';

/** A photo, upright, without anything that its file said besides. */
export interface DecodedPhoto {
  readonly width: number;
  readonly height: number;
  /** RGB, row by row. */
  readonly pixels: Uint8Array;
  /** The same picture as JPEG: what is kept. */
  readonly jpeg: Uint8Array;
}

/** What decoding may cost, where it is not as the policy says. */
export interface DecodeLimits {
  readonly decodeMs: number;
  readonly decodeCpuMs: number;
  readonly decodeBytes: number;
}

const program = fileURLToPath(new URL('./decode-process.ts', import.meta.url));
const flags = ['--max-old-space-size=64', '--max-semi-space-size=1', ...nodeFlags];

/**
 * Decodes a photo whose header was accepted, in a process that ends with it.
 * @throws WatchpostError `enrolment.photo_damaged`; `enrolment.photo_costly` when it takes more of a
 *   processor
 *   or of memory than it may
 */
export async function decodePhoto(
  bytes: Uint8Array,
  limits: DecodeLimits = photoPolicy,
): Promise<DecodedPhoto> {
  // No variable of ours: there may be secrets among them, and photos come from strangers.
  const child = spawn(process.execPath, [...flags, program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { MALLOC_ARENA_MAX: '1' },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A process that was ended closes its pipe first.
  child.stdin.on('error', () => undefined);
  child.stdin.end(bytes);
  const how = await endOf(child, limits);
  if (how === 'costly') throw new WatchpostError('enrolment.photo_costly');
  return parse(how === 'done' ? Buffer.concat(chunks) : Buffer.alloc(0));
}

function endOf(child: ChildProcess, limits: DecodeLimits): Promise<'done' | 'crashed' | 'costly'> {
  return new Promise((resolve) => {
    let costly = false;
    const stop = (): void => {
      costly = true;
      child.kill('SIGKILL');
    };
    const deadline = setTimeout(stop, limits.decodeMs);
    const look = setInterval(() => {
      const { bytes, cpuMs } = costOf(child.pid);
      if (bytes > limits.decodeBytes || cpuMs > limits.decodeCpuMs) stop();
    }, photoPolicy.lookEveryMs);
    child.once('error', () => resolve('crashed'));
    child.once('close', (code) => {
      clearTimeout(deadline);
      clearInterval(look);
      resolve(costly ? 'costly' : code === 0 ? 'done' : 'crashed');
    });
  });
}

/** Pages and clock ticks are so long on every Linux that Node runs on. */
const pageBytes = 4096;
const tickMs = 10;

/** What a process takes; nothing where there is no /proc (there the clock limits it). */
function costOf(pid: number | undefined): { readonly bytes: number; readonly cpuMs: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the command before the last `)` may hold anything; utime is field 14, stime 15, rss 24.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      bytes: (fields[21] ?? 0) * pageBytes,
      cpuMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * tickMs,
    };
  } catch {
    return { bytes: 0, cpuMs: 0 };
  }
}

function parse(answer: Buffer): DecodedPhoto {
  if (answer.length < 4) throw new WatchpostError('enrolment.photo_damaged');
  const from = 4 + answer.readUInt32LE(0);
  const { width, height } = JSON.parse(answer.toString('utf8', 4, from)) as Partial<DecodedPhoto>;
  const to = from + (width ?? 0) * (height ?? 0) * 3;
  if (width === undefined || height === undefined || answer.length <= to)
    throw new WatchpostError('enrolment.photo_damaged');
  return { width, height, pixels: answer.subarray(from, to), jpeg: answer.subarray(to) };
}

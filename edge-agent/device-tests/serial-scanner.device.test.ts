import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanLineSchema } from '@watchpost/contracts/site';
import { describe, expect, test, vi } from 'vitest';
import { serialStream } from '../src/drivers/serial/serial-stream.ts';
import { StreamScanner } from '../src/drivers/stream-scanner.ts';
import { type ScannerBench, textScannerContract } from '../src/drivers/text-scanner-contract.ts';

const settings = { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

/** Two ends of a serial cable: the agent holds one, the test speaks at the other. */
async function serialReader(): Promise<ScannerBench> {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-serial-'));
  const [near, far] = [join(folder, 'agent'), join(folder, 'reader')];
  let cable: ChildProcess | null = null;
  const plugIn = async () => {
    if (cable) return;
    cable = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], {
      stdio: 'ignore',
    });
    await vi.waitFor(() => expect(existsSync(near) && existsSync(far)).toBe(true), 10_000);
  };
  const pullOut = async () => {
    const child = cable;
    cable = null;
    if (!child) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  await plugIn();
  return {
    scanner: new StreamScanner(
      serialStream({ path: near, ...settings }),
      scanLineSchema.parse({ maxChars: 64 }),
    ),
    scan: (text) => appendFile(far, `${text}\r\n`),
    cut: { vanish: pullOut, comeBack: plugIn },
    close: async () => {
      await pullOut();
      rmSync(folder, { recursive: true });
    },
  };
}

describe('a serial reader', () => {
  textScannerContract(serialReader);

  test('that does not exist is lost, and stopping is at once', async () => {
    const scanner = new StreamScanner(
      serialStream({ path: '/dev/watchpost-no-such-port', ...settings }),
      scanLineSchema.parse({}),
    );
    let lost = 0;
    const nothing = () => undefined;
    scanner.start({ up: nothing, lost: () => lost++, unreadable: nothing, scanned: nothing });
    await vi.waitFor(() => expect(lost).toBeGreaterThan(0), 10_000);
    await scanner.stop();
  });

  test('loads its native package only when a port is opened', async () => {
    const script =
      "await import('@watchpost/edge-agent'); const loaded = process.report.getReport().sharedObjects.filter((file) => file.includes('serialport')); process.stdout.write(String(loaded.length))";
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code] = await once(child, 'exit');
    expect({ code, out }).toEqual({ code: 0, out: '0' });
  });
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ScannerEvents, TextScanner } from './text-scanner.ts';

/** A scanner under test and the device at its other end. `maxChars` of its line is 64. */
export interface ScannerBench {
  readonly scanner: TextScanner;
  /** Somebody holds a code in front of the device. */
  scan(text: string): void | Promise<void>;
  /** Only of what can be cut off: the device vanishes, and comes back. */
  readonly cut?: { vanish(): Promise<void>; comeBack(): Promise<void> };
  close(): Promise<void>;
}

/** What was told, in order. */
function ears() {
  const told: string[] = [];
  const events: ScannerEvents = {
    up: () => void told.push('up'),
    lost: () => void told.push('lost'),
    unreadable: () => void told.push('unreadable'),
    scanned: (text, timeMs) =>
      void told.push(Math.abs(timeMs - Date.now()) < 60_000 ? `=${text}` : 'bad time'),
  };
  return { told, events };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const tooLong = 'x'.repeat(8000);
const hostile = [
  'javascript:alert(1)',
  '\u202etxt.exe',
  "'; DROP TABLE event; --",
  '{"type":"x"}',
  '\u0007bell',
];

/** All that is ever scanned here, for a device that has to know its texts beforehand. */
export const contractTexts: readonly string[] = [
  'WP1:ABC $%*+-./:',
  '访客通行 №7',
  ...hostile,
  tooLong,
  'after',
  'one',
  'two',
  'back',
];

/**
 * What every scanner does, whatever it hangs on. Call it inside a `describe`. `canBeCut`: its benches have
 * `cut`.
 */
export function textScannerContract(open: () => Promise<ScannerBench>, canBeCut = true): void {
  let bench: ScannerBench;
  beforeEach(async () => {
    bench = await open();
  });
  afterEach(async () => {
    await bench.scanner.stop();
    await bench.close();
  });

  async function started() {
    const heard = ears();
    bench.scanner.start(heard.events);
    await until(() => expect(heard.told).toContain('up'));
    return heard.told;
  }

  test('says that it is up, and hands on what is scanned, in order and unchanged', async () => {
    const told = await started();
    const texts = contractTexts.slice(0, 2 + hostile.length);
    for (const text of texts) await bench.scan(text);
    await until(() => expect(told).toEqual(['up', ...texts.map((text) => `=${text}`)]));
  });

  test('counts what is too long and goes on', async () => {
    const told = await started();
    await bench.scan(tooLong);
    await bench.scan('after');
    await until(() => expect(told).toEqual(['up', 'unreadable', '=after']));
  });

  test('is silent after it was stopped, and can be started again', async () => {
    const told = await started();
    await bench.scan('one');
    await until(() => expect(told).toEqual(['up', '=one']));
    await bench.scanner.stop();
    const length = told.length;
    const again = await started();
    await bench.cut?.comeBack();
    await bench.scan('two');
    await until(() => expect(again).toContain('=two'));
    expect(told).toHaveLength(length);
  });

  if (!canBeCut) return;
  test('comes back by itself after the device was away', async () => {
    const { cut } = bench;
    if (!cut) throw new Error('this bench cannot be cut');
    const told = await started();
    await cut.vanish();
    await until(() => expect(told).toEqual(['up', 'lost']));
    await cut.comeBack();
    await until(() => expect(told.at(-1)).toBe('up'));
    await bench.scan('back');
    await until(() => expect(told.at(-1)).toBe('=back'));
  });
}

import { afterEach, expect, it, vi } from 'vitest';
import { noteBufferGarbage } from './buffer-garbage.ts';
import { cameraPolicy } from './policy.ts';

afterEach(() => vi.unstubAllGlobals());

it('collects the young generation, and it alone, once enough lies about', () => {
  const collect = vi.fn();
  vi.stubGlobal('gc', collect);
  noteBufferGarbage(cameraPolicy.garbageBytes - 1);
  expect(collect).not.toHaveBeenCalled();
  noteBufferGarbage(1);
  expect(collect.mock.calls).toEqual([[{ type: 'minor' }]]);
  noteBufferGarbage(cameraPolicy.garbageBytes - 1);
  expect(collect).toHaveBeenCalledTimes(1);
});

it('does nothing in a process that cannot be asked to', () => {
  vi.stubGlobal('gc', undefined);
  expect(() => noteBufferGarbage(2 * cameraPolicy.garbageBytes)).not.toThrow();
});

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import type * as Tensors from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';

/** TensorFlow.js; the same code on each backend. */
export interface TensorLibrary {
  readonly core: typeof Tensors;
  /** Networks and their training; brings the gradients too, which the core leaves out. */
  readonly layers: typeof Layers;
  readonly backend: TensorBackend;
}

/** `tensorflow` is the native one of `@tensorflow/tfjs-node`. */
export type TensorBackend = 'tensorflow' | 'wasm' | 'cpu';

/** Where backends come from; tests hand in their own. */
export type BackendLoader = () => Promise<void>;

/**
 * An optional peer: its install script downloads, so that only those have it who put it there themselves. Not
 * a literal, so that its types need not exist.
 */
const nativePackage: string = '@tensorflow/tfjs-node';

const loaders: Readonly<Record<TensorBackend, BackendLoader>> = {
  tensorflow: async () => {
    // tfjs-node 4.22 calls this function, which Node 23 removed.
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
    await import(nativePackage);
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const require = createRequire(import.meta.url);
    setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
};

/**
 * Loads TensorFlow.js with the first backend of `wanted` that is there and computes rightly; native when it
 * could be installed, else WebAssembly from the npm package's folder. Takes some 60 MB, so load it only where
 * a model is trained, best in a process that ends afterwards (`startTraining`).
 * @throws Error when none works; with the default list that means a broken installation.
 */
export async function openTensors(
  wanted: readonly TensorBackend[] = ['tensorflow', 'wasm', 'cpu'],
  load: Readonly<Record<TensorBackend, BackendLoader>> = loaders,
): Promise<TensorLibrary> {
  const core = await import('@tensorflow/tfjs-core');
  const layers = await import('@tensorflow/tfjs-layers');
  // Else it advertises its native package.
  core.enableProdMode();
  let cause: unknown;
  for (const backend of wanted) {
    try {
      await load[backend]();
      if ((await core.setBackend(backend)) && (await computes(core))) return { core, layers, backend };
    } catch (error) {
      cause = error;
    }
  }
  throw new Error('no tensor backend works', { cause });
}

/**
 * Forward and backward through what training uses: for x = (1, 2), w = (0.1, 0.2) the slope of tanh(x·w)²
 * along w is 2·tanh(0.5)·(1 − tanh²(0.5))·x.
 */
async function computes(core: typeof Tensors): Promise<boolean> {
  const gradient = core.tidy(() => {
    const x = core.tensor2d([1, 2], [1, 2]);
    const slope = core.grad((w) => core.sum(core.square(core.tanh(core.matMul(x, w as Tensors.Tensor2D)))));
    return slope(core.tensor2d([0.1, 0.2], [2, 1]));
  });
  const [first = Number.NaN, second = Number.NaN] = await gradient.data();
  gradient.dispose();
  const expected = 2 * Math.tanh(0.5) * (1 - Math.tanh(0.5) ** 2);
  return Math.abs(first - expected) < 1e-3 && Math.abs(second - 2 * expected) < 1e-3;
}

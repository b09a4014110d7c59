import type { Figure } from '../eval/figures.ts';
import { Gallery } from '../gallery/gallery.ts';
import { dotAt } from '../gallery/search.ts';
import { medianMs } from '../models/median-time.ts';
import { InferenceSession, Tensor } from '../models/onnx-runtime.ts';
import { matrixProduct } from '../testing/tiny-onnx.ts';

const dimension = 512;

/**
 * Exact search in galleries of random directions, against one plain pass over the same number of template
 * bytes, and against the two other ways to search: loops in JavaScript, and a matrix product of ONNX Runtime
 * on one thread (both without the choice of the nearest valid entry, which the gallery’s time includes).
 */
export async function benchSearch(sizes: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const gallery = new Gallery({ dimension });
    const random = generator(size);
    for (let i = 0; i < size; i++) {
      gallery.add(
        { entryId: `e${i}`, list: 'watch', expiresAt: 1 },
        Float32Array.from({ length: dimension }, random),
      );
    }
    const query = Float32Array.from({ length: dimension }, random);
    const times = Math.min(200, Math.max(15, Math.round(2e6 / size)));
    const search = await medianMs(times, 3, () => gallery.match(query, 0));
    const pass = await medianMs(times, 3, passOver(size));
    const label = size >= 1000 ? `${size / 1000}k` : String(size);
    figures.push({ figure: `search_${label}_ms`, value: search, unit: 'ms', n: times });
    figures.push({ figure: `search_${label}_pass_ms`, value: pass, unit: 'ms', n: times });
    figures.push({ figure: `search_${label}_over_pass`, value: search / pass, unit: 'ratio', n: times });
    const others = await otherKernels(size, query, times);
    figures.push({ figure: `search_${label}_loops_ms`, value: others.loops, unit: 'ms', n: times });
    figures.push({ figure: `search_${label}_matmul_ms`, value: others.product, unit: 'ms', n: times });
  }
  return figures;
}

async function otherKernels(size: number, query: Float32Array, times: number) {
  const rows = new Float32Array(size * dimension).fill(0.5);
  const loops = await medianMs(times, 3, () => {
    let best = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < size; row++) best = Math.max(best, dotAt(rows, row * dimension, query));
    return best;
  });
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const session = await InferenceSession.create(matrixProduct(size, dimension), options);
  const feeds = {
    rows: new Tensor('float32', rows, [size, dimension]),
    query: new Tensor('float32', query, [dimension, 1]),
  };
  const product = await medianMs(times, 3, () => session.run(feeds));
  await session.release();
  return { loops, product };
}

/** Reads every number of a float32 array of that many templates once, with four sums. */
function passOver(size: number): () => number {
  const numbers = new Float32Array(size * dimension).fill(0.5);
  return () => {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < numbers.length; i += 4) {
      a += numbers[i] as number;
      b += numbers[i + 1] as number;
      c += numbers[i + 2] as number;
      d += numbers[i + 3] as number;
    }
    return a + b + c + d;
  };
}

/** Numbers of −1 … 1, the same in every run (xorshift32). */
function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}

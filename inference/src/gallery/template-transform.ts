import { createHash, hkdfSync } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * A secret rotation of the template space: lengths and cosines stay, coordinates mean nothing without the
 * key.
 */
export interface TemplateTransform {
  /**
   * Public name of the key: first 8 bytes of a hash, hex. Two galleries can be compared only when it is
   * equal.
   */
  readonly fingerprint: string;
  apply(vector: Float32Array): Float32Array;
  invert(vector: Float32Array): Float32Array;
}

const rounds = 3;

/**
 * Three rounds of key-derived sign flips, a key-derived permutation and a Walsh–Hadamard transform (the "HD"
 * construction of Ailon and Chazelle, The fast Johnson–Lindenstrauss transform, 2009). Orthogonal, n·log n.
 * @throws WatchpostError `inference.template_invalid` when the dimension is not a power of two or the key not
 *   32 bytes
 */
export function createTemplateTransform(key: Uint8Array, dimension: number): TemplateTransform {
  if (key.length !== 32 || dimension < 2 || (dimension & (dimension - 1)) !== 0) {
    throw new WatchpostError('inference.template_invalid', {
      details: { keyBytes: key.length, dimension, expected: '32 bytes and a power of two' },
    });
  }
  const steps = Array.from({ length: rounds }, (_, round) => deriveRound(key, dimension, round));
  return {
    fingerprint: createHash('sha256').update('watchpost transform').update(key).digest('hex').slice(0, 16),
    apply(vector) {
      let current = Float64Array.from(vector);
      for (const { signs, order } of steps) {
        const next = new Float64Array(dimension);
        for (let i = 0; i < dimension; i++)
          next[order[i] as number] = (current[i] as number) * (signs[i] as number);
        walshHadamard(next);
        current = next;
      }
      return Float32Array.from(current);
    },
    invert(vector) {
      let current = Float64Array.from(vector);
      for (const { signs, order } of steps.toReversed()) {
        walshHadamard(current);
        const next = new Float64Array(dimension);
        for (let i = 0; i < dimension; i++)
          next[i] = (current[order[i] as number] as number) * (signs[i] as number);
        current = next;
      }
      return Float32Array.from(current);
    },
  };
}

function deriveRound(
  key: Uint8Array,
  dimension: number,
  round: number,
): { signs: Int8Array; order: Uint32Array } {
  const bytes = new Uint8Array(
    hkdfSync('sha512', key, '', `watchpost template transform ${dimension} ${round}`, dimension * 5),
  );
  const random = new DataView(bytes.buffer);
  const signs = Int8Array.from({ length: dimension }, (_, i) =>
    (random.getUint8(4 * dimension + i) & 1) === 0 ? 1 : -1,
  );
  const order = Uint32Array.from({ length: dimension }, (_, i) => i);
  // Fisher–Yates; the bias of a 32-bit modulus below 2^20 is under one in four thousand.
  for (let i = dimension - 1; i > 0; i--) {
    const j = random.getUint32(4 * i) % (i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return { signs, order };
}

/** In place, scaled to be its own inverse. */
function walshHadamard(v: Float64Array): void {
  for (let half = 1; half < v.length; half *= 2) {
    for (let start = 0; start < v.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const a = v[i] as number;
        const b = v[i + half] as number;
        v[i] = a + b;
        v[i + half] = a - b;
      }
    }
  }
  const factor = 1 / Math.sqrt(v.length);
  for (let i = 0; i < v.length; i++) v[i] = (v[i] as number) * factor;
}

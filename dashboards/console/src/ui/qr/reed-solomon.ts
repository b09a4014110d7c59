/** Multiplication in GF(2⁸) over x⁸ + x⁴ + x³ + x² + 1 (ISO/IEC 18004 §7.5.2). */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** The generator with the roots 2⁰ … 2^(degree − 1), highest power first, without the leading 1. */
function generator(degree: number): number[] {
  const factors: number[] = Array.from({ length: degree }, (_, index) => (index === degree - 1 ? 1 : 0));
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let index = 0; index < degree; index += 1)
      factors[index] = multiply(factors[index] ?? 0, root) ^ (factors[index + 1] ?? 0);
    root = multiply(root, 2);
  }
  return factors;
}

/** The error correction codewords of a block: the remainder of its division by the generator. */
export function correctionOf(data: readonly number[], degree: number): number[] {
  const divisor = generator(degree);
  let remainder = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (remainder[0] ?? 0);
    remainder = divisor.map((part, index) => (remainder[index + 1] ?? 0) ^ multiply(part, factor));
  }
  return remainder;
}

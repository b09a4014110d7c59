/** Repeatable random numbers 0 … 1 (xorshift32). */
export function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A damaged copy: some bytes changed, and one time in four cut, doubled in part or extended. */
export function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = (length: number) => Math.floor(random() * length);
  let copy = Uint8Array.from(bytes);
  for (let i = at(8); i >= 0; i--) if (copy.length > 0) copy[at(copy.length)] = at(256);
  const kind = at(12);
  if (kind === 0) copy = copy.slice(0, at(copy.length + 1));
  if (kind === 1) copy = Uint8Array.from([...copy.slice(0, at(copy.length)), ...copy.slice(at(copy.length))]);
  if (kind === 2) copy = Uint8Array.from([...copy, ...Array.from({ length: at(40) }, () => at(256))]);
  return copy;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const digitOf = new Map([...alphabet].map((character, value) => [character, value]));

/** RFC 9285 section 4: two bytes become three characters, a last single byte two. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let n = pair ? (bytes[i] as number) * 256 + (bytes[i + 1] as number) : (bytes[i] as number);
    for (let digit = 0; digit < (pair ? 3 : 2); digit++) {
      text += alphabet[n % 45];
      n = Math.floor(n / 45);
    }
  }
  return text;
}

/** RFC 9285 section 4 and 6: null for any text that no encoder makes. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((character) => digitOf.get(character) ?? Number.NaN);
    const [a = 0, b = 0, c = 0] = digits;
    const n = a + 45 * b + 2025 * c;
    const pair = digits.length === 3;
    // NaN fails the comparison too.
    if (!(n <= (pair ? 0xffff : 0xff))) return null;
    if (pair) bytes.push(n >> 8);
    bytes.push(n & 0xff);
  }
  return Uint8Array.from(bytes);
}

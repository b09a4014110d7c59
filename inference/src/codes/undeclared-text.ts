/**
 * The text of a code that does not say in which characters it is written (no ECI): UTF-8 where the bytes are
 * that, otherwise GB 18030 where they look like Chinese. Codes printed in China are often GB 2312 or GBK
 * without a word about it.
 * @returns null where the bytes say nothing, for the decoder's own guess
 */
export function undeclaredText(bytes: Uint8Array): string | null {
  if (bytes.every((byte) => byte < 0x80)) return null;
  return decode('utf-8', bytes) ?? (looksChinese(bytes) ? decode('gb18030', bytes) : null);
}

function decode(encoding: 'utf-8' | 'gb18030', bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * In GB 2312 a character is two bytes, both above 0xA0; GBK and GB 18030 add seconds below that. A European
 * text in Latin-1 has single high bytes among letters, so most of its pairs are none.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let others = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    const next = bytes[at + 1] ?? 0;
    if (byte >= 0xa1 && byte <= 0xf7 && next >= 0xa1) pairs += 1;
    else others += 1;
    // Whatever it was, its second byte is spoken for.
    at += 1;
  }
  return pairs > others;
}

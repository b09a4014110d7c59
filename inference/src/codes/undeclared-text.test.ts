import { describe, expect, it } from 'vitest';
import { undeclaredText } from './undeclared-text.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('the text of a code that does not say how it is written', () => {
  it('is UTF-8 where it can be', () => {
    expect(undeclaredText(new TextEncoder().encode('访客 №7'))).toBe('访客 №7');
  });
  it('is GB 2312 where the bytes are pairs of it, among ASCII too', () => {
    // 北京 in GB 2312 (row and cell 17-17, 30-09), https://… around it
    expect(undeclaredText(bytes(0xb1, 0xb1, 0xbe, 0xa9))).toBe('北京');
    expect(undeclaredText(bytes(0x41, 0x31, 0xb1, 0xb1, 0xbe, 0xa9, 0x20))).toBe('A1北京 ');
  });
  it('is GBK where a rare character stands among common ones', () => {
    // 镕 is 0xE946, outside GB 2312
    expect(undeclaredText(bytes(0xd6, 0xec, 0xe9, 0x46, 0xbb, 0xf9))).toBe('朱镕基');
  });
  it('is left to the decoder where it is Latin-1 or ASCII', () => {
    expect(undeclaredText(bytes(0x63, 0x61, 0x66, 0xe9))).toBeNull();
    expect(undeclaredText(bytes(0xfc, 0x62, 0x65, 0x72, 0x20, 0xe4))).toBeNull();
    expect(undeclaredText(new TextEncoder().encode('plain'))).toBeNull();
  });
});

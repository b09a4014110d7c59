import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findFrames, findImages, findTemplates } from '../support/trace-scan.ts';

const face = (seed: number): Float32Array => {
  const raw = Float32Array.from({ length: 512 }, (_, index) =>
    Math.sin((seed + 1) * index * index * 0.37 + seed),
  );
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
};
const noise = randomBytes(200_000);
const planted = (bytes: Uint8Array): Buffer =>
  Buffer.concat([noise.subarray(0, 70_001), bytes, noise.subarray(70_001)]);

describe('the scan for traces of a face', () => {
  it('finds a planted template, at any byte offset, slightly changed too', () => {
    const similar = face(1).map((value, index) => value + 0.01 * Math.cos(index));
    for (const template of [face(1), similar]) {
      expect(findTemplates(planted(new Uint8Array(template.buffer)), 'x', [face(1)])).toMatchObject([
        { what: 'template', offset: 70_001 },
      ]);
    }
  });
  it('finds a template written as text', () => {
    expect(findTemplates(Buffer.from(JSON.stringify({ v: [...face(2)] })), 'x', [face(1)])).toHaveLength(1);
  });
  it('finds planted pictures, raw and as base64', () => {
    const jpeg = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
      Buffer.from('JFIF\0'),
      randomBytes(100),
    ]);
    expect(findImages(planted(jpeg), 'x')).toMatchObject([{ what: 'image', offset: 70_001 }]);
    expect(findImages(Buffer.from(JSON.stringify({ crop: jpeg.toString('base64') })), 'x')).toHaveLength(1);
  });
  it('finds a row of pixels', () => {
    const row = randomBytes(48);
    expect(findFrames(planted(Buffer.concat([randomBytes(10), row])), 'x', [row])).toHaveLength(1);
  });
  it('finds nothing where nothing is, nor another face', () => {
    const other = planted(new Uint8Array(face(3).buffer));
    expect([
      ...findImages(other, 'x'),
      ...findFrames(other, 'x', [randomBytes(48)]),
      ...findTemplates(other, 'x', [face(1)]),
    ]).toEqual([]);
  });
});

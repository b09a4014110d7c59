import { describe, expect, it } from 'vitest';
import { serverFolderPolicy } from '../policy.ts';
import { boundBroken } from './yaml-bounds.ts';
import { readYaml } from './yaml-file.ts';

const { words, depth, indentation, mistakesShown, fileBytes } = serverFolderPolicy;
const read = (text: string) => readYaml(Buffer.from(text), 'site.yaml');

/** As large as a file of a large site: what a device takes in the demo, and more. */
const device = (id: number) => `  - id: device-${id}
    kind: camera
    profile: generic-camera
    gateway: gw-${id % 100}
    zone: zone-${id % 50}
    name: { zh-CN: 大门摄像机 ${id}, en: "Gate camera: ${id}" }
    mount: { at: [${id % 60}, 17], heightM: 3, headingDeg: 90, tiltDeg: -20 }
    connect: { driver: rtsp, url: "rtsp://10.0.0.7:554/live", user: watchpost, password: { secret: cam } }
    # beside the door
    masks: [[[1, 2], [3, 4], [5, 6], [7, 8]]]
`;

describe('a file beyond what is parsed', () => {
  it.each([
    ['brackets', '['.repeat(100_000), 1, depth + 1],
    ['braces behind a name', `a:\n  b: ${'{'.repeat(100_000)}`, 2, 5 + depth],
    ['a list in a list', `a: 1\n${'- '.repeat(100_000)}`, 2, 2 * depth + 1],
    ['brackets on many lines', '[\n'.repeat(100_000), depth + 1, 1],
    ['a line indented too far', `a:\n${' '.repeat(indentation + 1)}b: 1\n`, 2, 1],
  ])('%s: too deep, where it is', (_what, text, line, column) => {
    expect(read(text).mistakes).toEqual([expect.objectContaining({ code: 'site.too_deep', line, column })]);
  });
  it.each([
    ['names', 'a: 1\n'.repeat(words / 4)],
    ['quotation marks', '"'.repeat(fileBytes)],
    ['anchors', '&a '.repeat(words / 2)],
  ])('%s: too many words', (_what, text) => {
    expect(read(text).mistakes).toEqual([expect.objectContaining({ code: 'site.too_large' })]);
  });
});

describe('a file within the bounds', () => {
  it('may be that of a site of 5,000 devices', () => {
    const text = `devices:\n${Array.from({ length: 5_000 }, (_, id) => device(id)).join('')}`;
    expect(text.length).toBeGreaterThan(1_500_000);
    expect(boundBroken(text)).toBeUndefined();
  });
  it('has brackets in texts, long lists on one line and texts over lines', () => {
    const brackets = '['.repeat(200);
    const text = `a: "${brackets}"\nb: x${brackets}\nc: [${'1, '.repeat(500)}{a: 1, b: 2}]\nd: |\n  ${brackets}\n# ${brackets}\n`;
    expect(read(text)).toMatchObject({ mistakes: [], value: { a: brackets, d: `${brackets}\n` } });
  });
  it('shows its first mistakes and says how many more there are', () => {
    const { mistakes, unshown } = read('a: 1\n'.repeat(1_001));
    expect(mistakes).toHaveLength(mistakesShown);
    expect(mistakes[0]).toMatchObject({ code: 'site.duplicate_key', line: 2, path: '/a' });
    expect(unshown).toBe(900);
  });
});

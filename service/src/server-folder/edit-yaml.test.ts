import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editYaml } from './edit-yaml.ts';
import { valueAt } from './explain-issues.ts';
import type { Edit } from './splice-yaml.ts';

const site = `# Site of the school
id: demo    # never change
name: {zh-CN: 甲,   en: "A"}

zones:
  # the gate
  - id: gate
    outline: [[0,0], [1,0],
              [1, 1]]   # drawn by hand
    name: {zh-CN: 大门, en: Gate}

  - id: hall      # in the main building
    public:   true
    note: |
      two
      lines
# devices come last
devices: []
empty:
time: 22:30
`;
const edit = (...edits: Edit[]) => editYaml(site, 'site.yaml', edits);
/** The lines that differ, the old ones with −, the new with +. */
const changed = (text: string) => {
  const before = site.split('\n');
  const after = text.split('\n');
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`),
  ];
};

describe('a change by program', () => {
  it('of one value touches its line only, and keeps the comment behind it', () => {
    expect(changed(edit({ path: ['zones', 1, 'public'], value: false }))).toEqual([
      '-    public:   true',
      '+    public:   false',
    ]);
    expect(changed(edit({ path: ['zones', 1, 'id'], value: 'main hall: 1' }))).toEqual([
      '-  - id: hall      # in the main building',
      '+  - id: "main hall: 1"      # in the main building',
    ]);
  });
  it('reaches into what is written in one line', () => {
    expect(changed(edit({ path: ['name', 'en'], value: 'B, or C' }))).toEqual([
      '-name: {zh-CN: 甲,   en: "A"}',
      '+name: {zh-CN: 甲,   en: "B, or C"}',
    ]);
  });
  it('adds to a list in lines, to an empty one, and to one that is not there', () => {
    const device = { id: 'door', connect: { driver: 'webhook' } };
    expect(changed(edit({ path: ['devices', '-'], value: device }))).toEqual([
      '-devices: []',
      '+devices:',
      '+  - id: door',
      '+    connect:',
      '+      driver: webhook',
    ]);
    expect(changed(edit({ path: ['empty', '-'], value: 'x' }))).toEqual(['+  - x']);
    expect(changed(edit({ path: ['lines', '-'], value: 'x' }))).toEqual(['+lines:', '+  - x']);
    const more = edit({ path: ['zones', '-'], value: { id: 'yard' } });
    expect(changed(more)).toEqual(['+  - id: yard']);
    expect(more.indexOf('id: yard')).toBeLessThan(more.indexOf('# devices come last'));
  });
  it('writes what is said twice twice: there are no aliases', () => {
    const name = { en: 'Yard' };
    for (const path of [['new'], ['zones', 0]])
      expect(edit({ path, value: { id: 'x', name, title: name } })).not.toMatch(/[&*]/);
  });
  it('takes a setting away with its lines', () => {
    expect(changed(edit({ path: ['zones', 1, 'note'], value: undefined }))).toEqual([
      '-    note: |',
      '-      two',
      '-      lines',
    ]);
    expect(edit({ path: ['nowhere'], value: undefined })).toBe(site);
  });
  it('is refused where the file has mistakes, or the path leads nowhere', () => {
    expect(() => editYaml('a: [', 'site.yaml', [])).not.toThrow();
    expect(() => editYaml('a: [', 'site.yaml', [{ path: ['a'], value: 1 }])).toThrow(
      expect.objectContaining({ code: 'site.cannot_edit' }),
    );
    expect(() => edit({ path: ['id', 'deeper'], value: 1 })).toThrow(
      expect.objectContaining({ code: 'site.cannot_edit' }),
    );
  });
  it('says what was wanted and keeps every comment, whatever is changed', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), leaf),
    );
    const path = fc.constantFrom<(string | number)[]>(
      ['id'],
      ['name'],
      ['name', 'en'],
      ['zones', 0, 'outline', 1],
      ['zones', 0, 'new'],
      ['zones', 1, 'note'],
      ['empty'],
      ['time'],
      ['new'],
    );
    fc.assert(
      fc.property(path, value, (where, wanted) => {
        const text = edit({ path: where, value: wanted });
        expect(valueAt(parse(text), where)).toEqual(wanted);
        for (const comment of ['# Site of the school', '# never change', '# the gate', '# devices come last'])
          expect(text).toContain(comment);
      }),
      { numRuns: 300 },
    );
  });
});

describe('several edits', () => {
  const text = '# site\na: 1 # one\nlist:\n  # first\n  - { n: 1 }\n  - n: 2\nb:\n  c: x\n';
  it('are written together, each where it belongs', () => {
    const edits = [
      { path: ['b', 'c'], value: 'y' },
      { path: ['a'], value: 7 },
      { path: ['list', 1, 'n'], value: 3 },
      { path: ['list', '-'], value: { n: 4 } },
    ];
    expect(editYaml(text, 'f', edits, 0)).toBe(
      '# site\na: 7 # one\nlist:\n  # first\n  - { n: 1 }\n  - n: 3\n  - n: 4\nb:\n  c: y\n',
    );
  });
  it.each([
    [
      'adds to what another added',
      [
        { path: ['list', '-'], value: { n: 3 } },
        { path: ['list', 2, 'n'], value: 4 },
      ],
    ],
    [
      'changes the same place again',
      [
        { path: ['a'], value: 2 },
        { path: ['a'], value: 3 },
      ],
    ],
    [
      'adds after another',
      [
        { path: ['list', '-'], value: { n: 3 } },
        { path: ['list', '-'], value: { n: 4 } },
      ],
    ],
    [
      'takes away what another changed',
      [
        { path: ['b', 'c'], value: 'z' },
        { path: ['b'], value: undefined },
      ],
    ],
  ])('of which one %s are made one after the other, within a bound', (_what, edits) => {
    const one = edits.reduce((before, edit) => editYaml(before, 'f', [edit]), text);
    expect(editYaml(text, 'f', edits)).toBe(one);
    expect(() => editYaml(text, 'f', edits, 10)).toThrow(/too large/);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { siteInForce } from './in-force.ts';
import { readRuleSet } from './read-rule-set.ts';
import { readServerFolder } from './read-server-folder.ts';

const head = 'version: 1\nextends: wp-1\n';
const read = (text: string, name = 'strict') =>
  readRuleSet(Buffer.from(text), name, `sites/main/rules/${name}.yaml`);

describe('a rule set', () => {
  it('says only what is another than built in', () => {
    const { ruleSet, mistakes } = read(`${head}events: { sensor.alarm: { door: { base: 30 } } }\n`);
    expect(mistakes).toEqual([]);
    expect(ruleSet?.rules.events['sensor.alarm']?.door).toEqual({ base: 30 });
    expect(ruleSet?.id).toMatch(/^strict@[0-9a-f]{12}$/);
  });
  it('is the same one whatever its comments, its note and its order', () => {
    const id = (text: string) => read(`${head}${text}`).ruleSet?.id;
    const one = id('context: { zone: 9, trust: 1 }\n');
    expect(id('# why\nnote: for the nights\ncontext: { trust: 1, zone: 9 }\n')).toBe(one);
    expect(id('context: { zone: 9, trust: 2 }\n')).not.toBe(one);
  });
  it.each([
    ['events: { sensor.alarm: { dor: { base: 1 } } }', 'site.unknown_key', '/events/sensor.alarm/dor'],
    [
      'events: { sensor.alarm: { smoke: { alert: never } } }',
      'site.not_listed',
      '/events/sensor.alarm/smoke/alert',
    ],
    ['events: { panic.pressed: { armed: -1 } }', 'site.out_of_range', '/events/panic.pressed/armed'],
    ['events: { door.open: { base: 1 } }', 'site.unknown_key', '/events/door.open'],
    ['severities: { medium: 60, high: 50 }', 'site.out_of_range', '/severities/high'],
    ['context: { zone: 5.5 }', 'site.wrong_type', '/context/zone'],
  ])('with %s says what is wrong and where', (text, code, path) => {
    const { ruleSet, mistakes } = read(`${head}${text}\n`);
    expect(ruleSet).toBeUndefined();
    expect(mistakes).toMatchObject([{ code, path, line: 3, file: 'sites/main/rules/strict.yaml' }]);
    expect(mistakes[0]?.column).toBeGreaterThan(1);
  });
  it('names the rules that it changes, and has a short name', () => {
    expect(read('version: 1\nextends: wp-9\n').mistakes).toMatchObject([
      { code: 'site.not_listed', path: '/extends' },
    ]);
    expect(read(head, 'a name').mistakes).toMatchObject([{ code: 'site.format' }]);
    expect(read('version: 1\n\textends: wp-1').mistakes[0]).toMatchObject({ line: 2 });
  });
});

describe('the rule set of a site', () => {
  let folder: string;
  const site = (ruleSet?: string) =>
    stringify({
      version: 1,
      id: 'main',
      name: { 'zh-CN': '一', en: 'One' },
      timeZone: 'UTC',
      plans: [
        {
          id: 'p',
          name: { 'zh-CN': '一', en: 'p' },
          widthM: 9,
          heightM: 9,
          northWest: { latitude: 0, longitude: 0 },
        },
      ],
      zones: [
        {
          id: 'z',
          name: { 'zh-CN': '一', en: 'z' },
          plan: 'p',
          criticality: 0,
          public: false,
          outline: [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
        },
      ],
      ...(ruleSet === undefined ? {} : { policy: { risk: { ruleSet } } }),
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const file = 'sites/main/site.yaml';
  const rules = 'sites/main/rules/strict.yaml';
  const inForce = () =>
    siteInForce(folder, { file, id: 'main', profiles: new Map(), nowMs: 0, hasSecret: () => true });
  const zoneOf = (found: ReturnType<typeof inForce>) =>
    'ruleSet' in found ? found.ruleSet?.rules.context.zone : undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    write('server.yaml', 'version: 1\n');
    write(file, site('strict'));
    write(rules, `${head}context: { zone: 9 }\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one that its file names; drafts are checked all the same', () => {
    write('sites/main/rules/draft.yaml', `${head}context: { zone: none }\n`);
    expect(zoneOf(inForce())).toBe(9);
    expect(readServerFolder(folder, new Map(), 0).mistakes).toMatchObject([
      { file: 'sites/main/rules/draft.yaml', path: '/context/zone' },
    ]);
    write(file, site());
    expect(inForce()).toMatchObject({ isKept: false, mistakes: [] });
    expect(zoneOf(inForce())).toBeUndefined();
  });
  it('stays the version before while its file is broken or gone, and that is told', () => {
    inForce();
    write(rules, `${head}context: { zone: 900 }\n`);
    expect(zoneOf(inForce())).toBe(9);
    expect(inForce()).toMatchObject({
      isKept: false,
      mistakes: [{ code: 'site.out_of_range', file: rules }],
    });
    rmSync(join(folder, rules));
    expect(zoneOf(inForce())).toBe(9);
    expect(inForce().mistakes).toMatchObject([{ code: 'site.unreadable', file: rules }]);
  });
  it('that never was good, or never was, keeps the site file before in force', () => {
    inForce();
    write('sites/main/rules/worse.yaml', `${head}context: { zone: 900 }\n`);
    write(file, site('worse'));
    expect(inForce()).toMatchObject({ isKept: true, site: { policy: { risk: { ruleSet: 'strict' } } } });
    write(file, site('strikt'));
    expect(inForce().mistakes).toMatchObject([
      { code: 'site.no_rule_set', path: '/policy/risk/ruleSet', details: { meant: 'strict' } },
    ]);
    expect(zoneOf(inForce())).toBe(9);
  });
});

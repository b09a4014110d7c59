import { durationMs, siteFileSchema } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { type Fields, fieldsOf, type Path, valueAt, withValue } from '../../ui/site-file/file-value.ts';
import { policyNumbers, policySections } from './policy-numbers.ts';
import { siteEn } from './texts-en.ts';
import { siteZhCn } from './texts-zh-cn.ts';

const schema = siteFileSchema.shape.policy;
type Text = Parameters<typeof durationMs>[0];
const plain = (value: number | string): number =>
  typeof value === 'string' ? durationMs(value as Text) : value;

/** Every number of the schema by its path, with what is usual; what is chosen from a list is none. */
function numbersOf(value: unknown, at: Path = []): [string, unknown][] {
  return typeof value === 'object'
    ? Object.entries(fieldsOf(value)).flatMap(([key, inner]) => numbersOf(inner, [...at, key]))
    : typeof value === 'string'
      ? []
      : [[at.join('.'), value]];
}

/** What the schema says against a number at its own path; a limit that another number sets has one end. */
function refusals(path: Path, value: unknown): number {
  const policy = severities.reduce<Fields>((all, [at, usual]) => withValue(all, at, usual), {});
  const result = schema.safeParse(withValue(policy, path, value));
  return (result.error?.issues ?? []).filter((issue) => {
    const details = issue.code === 'custom' ? fieldsOf(issue.params?.details) : { least: 0, most: 0 };
    return issue.path.join('.') === path.join('.') && 'least' in details && 'most' in details;
  }).length;
}
const severities: readonly [Path, number][] = [
  [['risk', 'severities', 'medium'], 1],
  [['risk', 'severities', 'high'], 2],
  [['risk', 'severities', 'critical'], 100],
];

it('the table has every number of the schema, with what is usual', () => {
  const schemas = numbersOf(schema.parse({})).sort();
  expect(schemas.length).toBeGreaterThan(40);
  expect(policyNumbers.map(({ path, usual }) => [path.join('.'), plain(usual)]).sort()).toEqual(schemas);
});

it('each number may be as small and as large as it says, and no more', () => {
  for (const { path, least, most, isWhole } of policyNumbers) {
    const key = path.join('.');
    const isTime = typeof least === 'string';
    const beyond = (value: number | string, by: number) =>
      isTime ? `${Math.max(0, plain(value) + by)}ms` : Number(value) + by;
    expect([key, refusals(path, least), refusals(path, most)]).toEqual([key, 0, 0]);
    if (plain(least) > 0)
      expect([key, refusals(path, isTime ? beyond(least, -1) : Number(least) / 2)]).toEqual([key, 1]);
    expect([key, refusals(path, beyond(most, 1))]).toEqual([key, 1]);
    if (!isTime) expect([key, refusals(path, Number(most) - 0.25)]).toEqual([key, isWhole ? 1 : 0]);
  }
});

it('each number and each section has its texts in both languages', () => {
  const keys = [
    ...policyNumbers.flatMap(({ path }) => [`policy.${path.join('.')}`, `policyWhy.${path.join('.')}`]),
    ...policySections.map((section) => `policySection.${section}`),
  ].map((key) => `site.${key}`);
  for (const texts of [siteEn, siteZhCn]) expect(keys.filter((key) => !(key in texts))).toEqual([]);
  const own = Object.keys(siteEn).filter((key) => /^site\.policy(?:Why|Section)?\./.test(key));
  expect(own.filter((key) => !keys.includes(key))).toEqual([]);
  expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
});

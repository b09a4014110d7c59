import type { Mistake } from '@watchpost/contracts/site';
import { jsonPointer } from '@watchpost/contracts/wire';
import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { knownKeys } from './known-keys.ts';
import type { PositionOf } from './yaml-file.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Details = Mistake['details'];

/** A mistake without its file. */
interface Finding {
  readonly code: Mistake['code'];
  readonly path: Path;
  readonly details: Details;
}

/** What {@link mistakesOf} reads mistakes from. */
export interface CheckedFile {
  /** Path from the server folder. */
  readonly file: string;
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly positionOf: PositionOf;
}

/** What a schema of ours says beside a `custom` issue: its code, and what would be right. */
export interface IssueParams {
  readonly code: Mistake['code'];
  readonly details?: Details;
  /** Names of which one was meant. */
  readonly known?: readonly string[];
}

/** What a schema found, as mistakes with their place and the value that was meant where one is near. */
export function mistakesOf(issues: readonly Issue[], checked: CheckedFile): Mistake[] {
  return issues
    .flatMap((issue) => explain(issue, [], checked))
    .map(({ code, path, details }) => ({
      code,
      file: checked.file,
      ...checked.positionOf(path),
      path: jsonPointer(path) || '/',
      details,
    }));
}

function explain(issue: Issue, above: Path, checked: CheckedFile): Finding[] {
  const path = [...above, ...issue.path];
  const value = valueAt(checked.value, path);
  const one = (code: Mistake['code'], details: Details): Finding[] => [
    { code, path, details: { ...found(value, path), ...details } },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        code: 'site.unknown_key' as const,
        path: [...path, key],
        details: nearestName(
          key,
          knownKeys(checked.schema, path, checked.value).filter((name) => !isKeyOf(value, name)),
        ),
      }));
    case 'invalid_type':
      if (value === undefined) return one('site.missing', { expected: wanted(issue.expected) });
      return one(issue.expected === 'string' && !isNested(value) ? 'site.quotes_needed' : 'site.wrong_type', {
        expected: wanted(issue.expected),
      });
    case 'invalid_value':
      return one(...listed(value, issue.values.map(String)));
    case 'too_small':
      return one('site.out_of_range', { origin: issue.origin, least: Number(issue.minimum) });
    case 'too_big':
      return one('site.out_of_range', { origin: issue.origin, most: Number(issue.maximum) });
    case 'invalid_format':
      return one('site.format', { expected: example(issue) });
    case 'invalid_key':
      return [{ code: 'site.format', path, details: { expected: '[A-Za-z0-9_-]{1,64}' } }];
    case 'invalid_union':
      return union(issue, path, checked);
    case 'custom':
      return one(...custom(issue, value));
    default:
      return one('site.wrong_type', {});
  }
}

function union(
  issue: Issue & { readonly code: 'invalid_union' },
  path: Path,
  checked: CheckedFile,
): Finding[] {
  const value = valueAt(checked.value, path);
  const { options } = issue as { options?: readonly unknown[] };
  if (options) {
    const [code, details] = listed(value, options.map(String));
    return [{ code, path, details: { ...found(value, path), ...details } }];
  }
  // Whoever wrote it meant the alternative that is least wrong.
  const alternatives = issue.errors.map((inner) => inner.flatMap((each) => explain(each, path, checked)));
  const [best] = alternatives.toSorted((a, b) => wrongness(a, path) - wrongness(b, path));
  return best ?? [{ code: 'site.wrong_type', path, details: found(value, path) }];
}

/** Less where the mistakes are fewer and further inside. */
const wrongness = (findings: readonly Finding[], path: Path): number =>
  findings.reduce(
    (sum, each) => sum + (each.code === 'site.unknown_key' ? 2 : 1) / (1 + each.path.length - path.length),
    0,
  );

function custom(
  { params, message }: Issue & { readonly code: 'custom' },
  value: unknown,
): [Mistake['code'], Details] {
  const { code = 'site.conflict', details = {}, known } = (params ?? {}) as Partial<IssueParams>;
  const expected = params ? {} : { expected: message.replace(/^expected /, '') };
  return [code, { ...expected, ...details, ...(known ? nearestName(String(value), known) : {}) }];
}

function listed(value: unknown, known: readonly string[]): [Mistake['code'], Details] {
  const details = nearestName(String(value), known);
  return value === undefined
    ? ['site.missing', { known: details.known ?? '' }]
    : ['site.not_listed', details];
}

const shownNames = 20;

/** The names that exist, and the one that was probably meant. */
export function nearestName(name: string, known: readonly string[]): Details {
  if (known.length === 0) return {};
  const meant = closest(name.toLowerCase(), [...known]);
  const near = distance(name.toLowerCase(), meant.toLowerCase()) <= Math.max(1, Math.ceil(name.length / 3));
  const more = known.length > shownNames ? ', …' : '';
  return { ...(near ? { meant } : {}), known: `${known.slice(0, shownNames).join(', ')}${more}` };
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'whole_number',
  boolean: 'true_or_false',
  array: 'list',
  tuple: 'list',
  object: 'settings',
  record: 'settings',
};
const wanted = (expected: string): string => types[expected] ?? expected;

const examples: Readonly<Record<string, string>> = {
  datetime: '2026-01-31T08:00:00.000Z',
  date: '2026-01-31',
  ipv4: '192.0.2.10',
  ipv6: '2001:db8::10',
  url: 'https://host/path',
  email: 'name@example.org',
};

function example(issue: Issue & { readonly code: 'invalid_format' }): string {
  const { pattern } = issue as { pattern?: string };
  // A pattern of ours has an example in its message, which every language can read.
  if (issue.format === 'regex' && !issue.message.startsWith('Invalid'))
    return issue.message.replace(/^expected /, '');
  return examples[issue.format] ?? pattern?.replace(/^\/\^?|\$?\/[a-z]*$/g, '') ?? issue.format;
}

/** The value as it may be shown: short, and never where a secret may stand. */
function found(value: unknown, path: Path): Details {
  const maySecret = path.some((part) => /password|secret|token|key|url|user/i.test(String(part)));
  if (maySecret || value === undefined || isNested(value)) return {};
  const text = String(value);
  return text.length <= 64 ? { found: text } : {};
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isKeyOf = (value: unknown, name: string): boolean =>
  isNested(value) && Object.hasOwn(value as object, name);

/** What stands at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      isNested(inner) && Object.hasOwn(inner as object, part)
        ? (inner as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}

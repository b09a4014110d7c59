import { secretNameSchema } from '@watchpost/contracts/site';

const mayBeSecret = /^(?:.*password|.*token|key|secret|pin)$/i;
/** `rtsp://user:password@host`. */
const hasCredentials = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i;

type Settings = Readonly<Record<string, unknown>>;

/** What a file says, to be shown: what may be a secret in clear, where only its name should be, is null. */
export function shownValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownValue);
  if (typeof value === 'string') return hasCredentials.test(value.trim()) ? null : value;
  if (!isSettings(value)) return value;
  if (secretNameOf(value) !== undefined) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      mayBeSecret.test(name) && typeof inner !== 'object' ? null : shownValue(inner),
    ]),
  );
}

interface Named {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/**
 * The secrets that an edit may name: every text that comes to stand under `secret`, whatever stands beside
 * it, because another edit may take that away.
 */
export function namedIn(value: unknown, path: readonly (string | number)[]): Named[] {
  if (typeof value === 'string') return path.at(-1) === 'secret' ? [{ name: value, path }] : [];
  if (Array.isArray(value)) return value.flatMap((inner, index) => namedIn(inner, [...path, index]));
  if (!isSettings(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => namedIn(inner, [...path, key]));
}

/** The secrets that a file names, each with where it does. */
export function secretNames(value: unknown, path: readonly (string | number)[] = []): Named[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => secretNames(inner, [...path, index]));
  if (!isSettings(value)) return [];
  const name = secretNameOf(value);
  if (name !== undefined) return [{ name, path: [...path, 'secret'] }];
  return Object.entries(value).flatMap(([key, inner]) => secretNames(inner, [...path, key]));
}

/** The name in `{ secret: name }`. */
function secretNameOf(value: Settings): string | undefined {
  const { secret, ...more } = value;
  return Object.keys(more).length === 0 ? secretNameSchema.safeParse(secret).data : undefined;
}

const isSettings = (value: unknown): value is Settings => typeof value === 'object' && value !== null;

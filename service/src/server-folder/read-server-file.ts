import { type Mistake, type ServerFile, serverFileSchema } from '@watchpost/contracts/site';
import { mistakesOf } from './explain-issues.ts';
import { shown } from './read-site-file.ts';
import type { SecretFolder } from './secrets.ts';
import { readYaml } from './yaml-file.ts';

/** What `server.yaml` says. */
export interface ReadServer {
  /** Absent where anything has a mistake. */
  readonly settings: ServerFile | undefined;
  /** In the order of the file, at most the policy’s number. */
  readonly mistakes: readonly Mistake[];
  /** How many more there are. */
  readonly unshown: number;
}

/** Reads a server file: any mistake makes it one that is not put into force. */
export function readServerFile(
  bytes: Uint8Array,
  { file, hasSecret }: { readonly file: string; readonly hasSecret: SecretFolder['has'] },
): ReadServer {
  const { value, positionOf, mistakes, unshown } = readYaml(bytes, file);
  if (mistakes.length > 0) return { settings: undefined, mistakes, unshown };
  const parsed = serverFileSchema.safeParse(value);
  if (!parsed.success) {
    const found = mistakesOf(parsed.error.issues, { file, schema: serverFileSchema, value, positionOf });
    return { settings: undefined, ...shown(found) };
  }
  const missing = secretsOf(parsed.data)
    .filter(({ secret }) => !hasSecret(secret))
    .map(
      ({ path, secret }): Mistake => ({
        ...{ code: 'site.secret_missing', file, ...positionOf([...path, 'secret']) },
        ...{ path: `/${path.join('/')}/secret`, details: { found: secret } },
      }),
    );
  if (missing.length > 0) return { settings: undefined, ...shown(missing) };
  return { settings: parsed.data, mistakes: [], unshown: 0 };
}

/** The secrets without which the server would not do what its file says. */
function secretsOf({ database, mail }: ServerFile): { path: string[]; secret: string }[] {
  return [
    ...(database ? [{ path: ['database'], secret: database.secret }] : []),
    ...(mail?.password ? [{ path: ['mail', 'password'], secret: mail.password.secret }] : []),
  ];
}

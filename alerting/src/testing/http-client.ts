import { problemSchema, type Role, roles } from '@watchpost/contracts/api';
import type { Api } from '../http/api.ts';

/** Password of every test account. */
export const testPassword = 'a password for tests';

/** One account per role, named as the role. */
export const testAccounts = roles.map((role) => ({
  user: role,
  password: testPassword,
  role,
}));

const json = { 'content-type': 'application/json' } as const;

/** Logs in and returns the `cookie` header. */
export async function cookieOf(app: Api, role: Role): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: json,
    payload: { user: role, password: testPassword },
  });
  const cookie = answer.cookies[0];
  if (!cookie) throw new Error(`no session for ${role}: ${answer.body}`);
  return `${cookie.name}=${cookie.value}`;
}

/** The code of the problem that was answered. */
export const codeOf = (answer: { readonly body: string }): string =>
  problemSchema.parse(JSON.parse(answer.body)).code;

import { z } from 'zod';
import { accountScopeSchema } from '../api/account-scope.ts';
import { localizedTextSchema } from './place.ts';
import { secretNameSchema } from './secret.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** HTTPS, as the provider itself writes it; plain HTTP on this computer alone. */
const issuerSchema = z
  .string()
  .max(300)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, hostname, username, search, hash } = new URL(text);
      const isSafe = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
      return isSafe && username === '' && search === '' && hash === '';
    },
    { error: 'expected https://… without a query' },
  );

/** Who has this value in the claim gets this scope. */
const roleRuleSchema = accountScopeSchema.safeExtend({ value: z.string().min(1).max(200) });

/** Log-in through an identity provider (OpenID Connect, authorization code with PKCE). */
export const oidcSchema = z.strictObject({
  /** As it stands in the provider’s ID tokens. All that the server asks is asked of its host. */
  issuer: issuerSchema,
  clientId: z.string().min(1).max(200),
  /** The client’s secret, by its name in the folder of secrets. */
  secret: secretNameSchema,
  /** On the button of the log-in page. */
  label: localizedTextSchema,
  scope: z
    .string()
    .max(300)
    .regex(/^openid( [!#-[\]-~]+)*$/, 'openid and others, each after one blank')
    .default('openid profile'),
  /** The claim that gives a new account its name. */
  nameClaim: z.string().min(1).max(100).default('preferred_username'),
  /**
   * Roles at each log-in. Of the rules whose value the claim has, the first of each site holds; without any
   * the person does not get in.
   */
  roles: z.strictObject({
    /** A text or a list of texts in the ID token. */
    claim: z.string().min(1).max(100),
    mapping: z.array(roleRuleSchema).min(1).max(500),
  }),
});
export type OidcSection = z.output<typeof oidcSchema>;

/** `logIn` of a server file. */
export const serverLogInSchema = z.strictObject({ oidc: oidcSchema.optional() });

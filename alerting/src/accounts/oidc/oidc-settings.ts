import type { OidcSection } from '@watchpost/contracts/site';

/** Log-in through an identity provider: `logIn.oidc` of a server file, with where its secret is. */
export interface OidcSettings extends Omit<OidcSection, 'secret'> {
  /** The file that holds the client’s secret; read when it is used. */
  readonly secretFile: string;
}

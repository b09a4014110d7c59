import type { Principal } from '@watchpost/contracts/wire';

/** Who the configuration says may come; see the broker’s configuration. */
export interface KnownPrincipals {
  readonly identities: readonly {
    readonly username: string;
    readonly clientIds: readonly string[];
    readonly principal: Principal;
  }[];
  readonly certificates?: { readonly site: readonly string[] } | undefined;
  readonly tokens?: { readonly site: readonly string[] } | undefined;
}

/** Beginnings of client ids that belong to one kind of service, whoever uses them first. */
const ofServices: readonly (readonly [prefix: string, kind: Principal['kind']])[] = [
  ['alerting-', 'alerting'],
  ['flows-', 'integrator'],
];

/**
 * A principal is the same whether it comes with a secret, a token or a certificate; a kind is never another
 * kind.
 */
export const ownerOf = ({ kind, site, name, gateway }: Principal): string =>
  `${kind} ${site} ${gateway ?? name}`;

/**
 * Client ids that belong to somebody before anybody has used them: `wp-SITE-GATEWAY` to that gateway,
 * `alerting-…` and `flows-…` to those services, and of every identity its user name, its principal’s name and
 * what it lists as `clientIds`. Ids `wp-SITE.…` are nobody’s to ask for: see `sessionId`. So it does not
 * matter who comes first after a restart.
 */
export class ReservedClientIds {
  readonly #owners = new Map<string, Set<string>>();
  readonly #sites = new Set<string>();

  constructor({ identities, certificates, tokens }: KnownPrincipals) {
    for (const { username, clientIds, principal } of identities) {
      this.#sites.add(principal.site);
      for (const id of [username, principal.name, ...clientIds]) this.#reserve(id, ownerOf(principal));
    }
    for (const known of [certificates, tokens]) for (const site of known?.site ?? []) this.#sites.add(site);
  }

  /** Whether this principal may use the client id, as far as it is reserved at all. */
  mayUse(clientId: string, principal: Principal): boolean {
    const owners = this.#owners.get(clientId);
    if (owners) return owners.has(ownerOf(principal));
    if (this.#sites.size === 0) return true; // nobody but anonymous clients, who are all the same
    for (const site of this.#sites)
      if (clientId.startsWith(`wp-${site}-`)) return clientId === idOfGateway(principal);
      else if (clientId.startsWith(`wp-${site}.`)) return false;
    const service = ofServices.find(([prefix]) => clientId.startsWith(prefix));
    return service === undefined || service[1] === principal.kind;
  }

  /**
   * Under which id the session of this principal is kept. Two sites can give one id to different gateways
   * (`a` and `b-c`, `a-b` and `c`): each then has a session within its site, `wp-SITE.GATEWAY`, which no
   * client can ask for and no two gateways share, because ids hold no dot.
   */
  sessionId(clientId: string, principal: Principal): string {
    const { site, gateway } = principal;
    if (gateway === undefined || clientId !== idOfGateway(principal)) return clientId;
    const isShared = [...this.#sites].some((other) => other !== site && clientId.startsWith(`wp-${other}-`));
    return isShared ? `wp-${site}.${gateway}` : clientId;
  }

  #reserve(clientId: string, owner: string): void {
    const owners = this.#owners.get(clientId) ?? new Set();
    this.#owners.set(clientId, owners.add(owner));
  }
}

const idOfGateway = ({ site, gateway }: Principal): string | undefined =>
  gateway === undefined ? undefined : `wp-${site}-${gateway}`;

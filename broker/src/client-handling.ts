import type { Principal } from '@watchpost/contracts';
import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import { type Audit, type Subject, shortened } from './audit.ts';
import type { Authenticator } from './authenticator.ts';
import type { Authorisation } from './authorisation.ts';
import type { BrokerMetrics } from './broker-metrics.ts';
import type { GuardedConnection } from './guarded-connection.ts';
import type { SessionOwners } from './session-owners.ts';

/** CONNACK return codes (§3.2.2.3). */
const connack = { identifierRejected: 2, badCredentials: 4, notAuthorized: 5 } as const;

interface Connecting {
  readonly emptyIdKept: boolean;
  readonly will: { readonly topic: string; readonly retain: boolean } | undefined;
}

/** What the callbacks of Aedes need; all of it belongs to the broker service. */
export interface Handling {
  readonly authenticator: Authenticator;
  readonly authorisation: Authorisation;
  readonly audit: Audit;
  readonly metrics: BrokerMetrics;
  readonly owners: SessionOwners;
  /** The connected client with this id, if any. */
  connected(clientId: string): Client | undefined;
}

type Callbacks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>;

/** Who each client is, and the decisions about it, as Aedes asks for them. */
export class ClientHandling {
  readonly #with: Handling;
  readonly #principals = new WeakMap<Client, Principal>();
  readonly #connecting = new WeakMap<Client, Connecting>();

  constructor(handling: Handling) {
    this.#with = handling;
  }

  subject(client: Client): Subject {
    const { remoteAddress } = client.conn as GuardedConnection;
    return {
      remote: remoteAddress,
      ...(client.id ? { client: client.id } : {}),
      principal: this.#principals.get(client),
    };
  }

  callbacks(): Callbacks {
    return {
      preConnect: (client, packet, done) => {
        const will = packet.will;
        this.#connecting.set(client, {
          emptyIdKept: packet.clientId === '' && packet.clean === false,
          will: will && { topic: will.topic, retain: will.retain === true },
        });
        done(null, true);
      },
      authenticate: (client, username, password, done) => {
        const refused = this.#refuseConnect(client, username, password);
        if (refused === undefined) done(null, true);
        else done(refused, null);
      },
      authorizePublish: (client, packet, done) => done(this.#refusePublish(client, packet)),
      authorizeSubscribe: (client, subscription, done) => {
        if (this.#maySubscribe(client, subscription.topic)) done(null, subscription);
        else done(null, null); // answered with 0x80 [MQTT-3.9.3-2]
      },
      authorizeForward: (client, packet) => {
        const principal = this.#principals.get(client);
        return principal && this.#with.authorisation.mayReceive(principal, packet.topic) ? packet : null;
      },
    };
  }

  #refuseConnect(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): AuthenticateError | undefined {
    const { authenticator, authorisation, audit, owners } = this.#with;
    const connecting = this.#connecting.get(client);
    this.#connecting.delete(client);
    if (connecting?.emptyIdKept) {
      // [MQTT-3.1.3-8]; what Aedes made up instead is never registered
      return refusal(audit.refused('client_id', this.subject(client)), connack.identifierRejected);
    }
    const principal = authenticator.authenticate(username, password);
    if (!principal) {
      const error = audit.refused('unauthorized', this.subject(client));
      return refusal(error, username === undefined ? connack.notAuthorized : connack.badCredentials);
    }
    this.#principals.set(client, principal);
    const will = connecting?.will;
    if (will && !authorisation.mayPublish(principal, will.topic, will.retain)) {
      const error = audit.refused('will', this.subject(client), { topic: shortened(will.topic) });
      return refusal(error, connack.notAuthorized);
    }
    const previous = this.#with.connected(client.id);
    if (!owners.claim(client.id, principal.name, client.clean === false)) {
      return refusal(audit.refused('client_id', this.subject(client)), connack.identifierRejected);
    }
    if (previous) audit.takenOver(this.subject(client), this.subject(previous).remote);
    return undefined;
  }

  /**
   * MQTT 3.1.1 has no negative acknowledgement: a publish that is not allowed is either acknowledged and lost, or the
   * connection is closed ([MQTT-3.3.5-2]). We close, so that nobody takes a lost message for a delivered one.
   */
  #refusePublish(
    client: Client | null,
    packet: {
      readonly topic: string;
      readonly retain?: boolean;
      readonly qos?: number;
      readonly payload: unknown;
    },
  ): Error | null {
    if (!client) return null;
    const principal = this.#principals.get(client);
    if (!principal || !this.#with.authorisation.mayPublish(principal, packet.topic, packet.retain === true)) {
      return this.#with.audit.refused('publish', this.subject(client), { topic: shortened(packet.topic) });
    }
    this.#with.metrics.messagesIn.inc({ qos: packet.qos ?? 0 });
    if (packet.payload instanceof Uint8Array) this.#with.metrics.bytesIn.inc(packet.payload.byteLength);
    return null;
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const principal = this.#principals.get(client);
    if (principal && this.#with.authorisation.maySubscribe(principal, filter)) return true;
    this.#with.audit.refused('subscribe', this.subject(client), { filter: shortened(filter) });
    return false;
  }
}

const refusal = (error: Error, returnCode: number): AuthenticateError => Object.assign(error, { returnCode });

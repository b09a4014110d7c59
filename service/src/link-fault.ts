import type { ErrorCode } from '@watchpost/contracts/errors';

/** Why a link has no connection. A constant word each, so that it can be a label of a metric. */
export type LinkFault =
  /** What the connection needs (a file of a token or certificate) cannot be read. */
  | 'no_credentials'
  /** No connection: refused by the host, name unknown, TLS failed. */
  | 'unreachable'
  | 'no_connack'
  /** CONNACK with a code other than 0. */
  | 'refused'
  | 'no_suback'
  | 'subscription_refused'
  | 'no_puback'
  | 'no_pingresp'
  /** The other side ended it. */
  | 'closed'
  /** The owner of the link ended it, for a reason of its own. */
  | 'given_up';

/** A fault with what is known of it. */
export interface LinkProblem {
  readonly fault: LinkFault;
  /** What people read: the registry’s entry for this fault. */
  readonly error: ErrorCode;
  /** In the words of whoever noticed it. Never holds a credential. */
  readonly reason: string;
}

/** CONNACK return codes (MQTT 3.1.1 §3.2.2.3). */
const refusals: Readonly<Record<number, ErrorCode>> = {
  2: 'broker.client_id',
  4: 'broker.unauthorized',
  5: 'broker.unauthorized',
};

const errors: Readonly<Record<LinkFault, ErrorCode>> = {
  no_credentials: 'config.invalid',
  unreachable: 'broker.unreachable',
  no_connack: 'broker.no_answer',
  refused: 'broker.unreachable',
  no_suback: 'broker.no_answer',
  subscription_refused: 'broker.forbidden_topic',
  no_puback: 'broker.no_answer',
  no_pingresp: 'broker.no_answer',
  closed: 'broker.unreachable',
  given_up: 'broker.no_answer',
};

/** The registry’s entry for a fault; `connackCode` tells refusals apart. */
export function problemOf(fault: LinkFault, reason: string, connackCode?: number): LinkProblem {
  const refusal = fault === 'refused' && connackCode !== undefined ? refusals[connackCode] : undefined;
  return { fault, error: refusal ?? errors[fault], reason };
}

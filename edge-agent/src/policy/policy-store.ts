import { readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type Policy,
  parseJson,
  parseWith,
  policySchema,
  signedPolicySchema,
} from '@watchpost/contracts/wire';
import { replaceFileSync } from '@watchpost/service';
import { isSigned } from './ed25519-signature.ts';

export interface PolicyStoreOptions {
  /** Where the policy in force is kept for the next start. */
  readonly path: string;
  readonly site: string;
  readonly gateway: string;
  readonly keys: readonly { readonly kid: string; readonly publicKey: string }[];
  /** The policy is in force, but could not be written for the next start. */
  onUnwritable(error: unknown): void;
}

/** The policy in force. It only ever gets newer: an older version, however well signed, is refused. */
export class PolicyStore {
  readonly #options: PolicyStoreOptions;
  #policy: Policy | null = null;
  #revoked: ReadonlySet<string> = new Set();

  constructor(options: PolicyStoreOptions) {
    this.#options = options;
  }

  get current(): Policy | null {
    return this.#policy;
  }

  /** Withdrawn passes. */
  get revokedPasses(): ReadonlySet<string> {
    return this.#revoked;
  }

  /**
   * Takes up the policy of the last run. A file that is missing is normal.
   * @throws WatchpostError `edge.policy_invalid` when the file is there but not acceptable.
   */
  restore(): void {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(this.#options.path);
    } catch {
      return;
    }
    this.#accept(bytes);
  }

  /**
   * Checks a signed policy and puts it into force. @returns false when it is the one already in force.
   * @throws WatchpostError `edge.policy_invalid`, or `wire.*` when it is not of the contract.
   */
  receive(payload: Uint8Array): boolean {
    if (!this.#accept(payload)) return false;
    try {
      replaceFileSync(this.#options.path, payload);
    } catch (error) {
      // Withdrawals count now, with or without a disk; the next start waits for the policy that the broker
      // retains.
      this.#options.onUnwritable(error);
    }
    return true;
  }

  #accept(payload: Uint8Array): boolean {
    const { kid, policy: encoded, signature } = parseWith(signedPolicySchema, parseJson(payload));
    const bytes = Buffer.from(encoded, 'base64url');
    const key = this.#options.keys.find((candidate) => candidate.kid === kid);
    if (!key || !isSigned(bytes, signature, key.publicKey)) throw invalid('signature');
    const policy = parseWith(policySchema, parseJson(bytes), 'wire.schema', '/policy');
    if (policy.site !== this.#options.site || policy.gateway !== this.#options.gateway)
      throw invalid('gateway');
    if (this.#policy && policy.version < this.#policy.version) throw invalid('version');
    if (policy.version === this.#policy?.version) return false;
    this.#policy = policy;
    this.#revoked = new Set(policy.passes.revoked);
    return true;
  }
}

const invalid = (what: string) => new WatchpostError('edge.policy_invalid', { path: `/${what}` });

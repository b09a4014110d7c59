import { createHash } from 'node:crypto';
import { passRejectionReasons } from '@watchpost/contracts/wire';
import { routePayload, withoutTrailingBlanks } from '@watchpost/inference';
import { type IssuerPublicKey, type PassVerdict, verifyPass, verifyPlate } from '@watchpost/passes';
import { RateLimit } from '../devices/rate-limit.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { ShownPass, UseDecision } from '../passes/pass-uses.ts';
import { codePolicy } from '../policy.ts';
import { UnknownCodeCounter, type UnknownCodes, type UnknownKind, unknownKindOf } from './unknown-codes.ts';
import { VisibleCodes } from './visible-codes.ts';

type CodeEvent = Extract<
  EventDraft,
  { type: 'watchpost.pass.accepted.v1' | 'watchpost.pass.rejected.v1' | 'watchpost.address.scanned.v1' }
>;
/** What a code means; the caller adds the device and its zone. */
export type CodeFinding = {
  readonly [T in CodeEvent['type']]: {
    readonly type: T;
    readonly data: Extract<CodeEvent, { type: T }>['data'];
  };
}[CodeEvent['type']];

export interface CodeHandlerOptions {
  readonly issuers: readonly IssuerPublicKey[];
  readonly audience: string;
  readonly clockSkewMs: number;
  readonly plateDomain?: string | undefined;
  /** How long a code may be out of view and still be the same showing. */
  readonly holdMs: number;
  /** Whether nobody knows what time it is: then no pass can be judged, and a guard decides. */
  timeUnknown(): boolean;
  /** Withdrawn passes, read at every check. */
  revoked(): ReadonlySet<string>;
  /** Whether these are known too badly to let anybody in: then a guard decides. */
  listExpired(): boolean;
  /**
   * Counts a use, on disk before it returns; null when this gateway does not count. Throws when it cannot:
   * the pass is not accepted then.
   */
  redeem: ((shown: ShownPass) => UseDecision | Promise<UseDecision>) | null;
}

/** A pass that was judged and, if good, redeemed. */
type Accepted = Extract<PassVerdict, { outcome: 'accepted' }>;
type Judged = Accepted | CodeRejection;
type CodeRejection = Omit<Extract<PassVerdict, { outcome: 'rejected' }>, 'reason'> & {
  readonly reason: `pass.${string}` | 'edge.clock_unknown';
};

/**
 * Judges the texts of codes that are shown to one device. Keeps fingerprints of what is in view, nothing
 * else.
 */
export class CodeHandler {
  readonly #options: CodeHandlerOptions;
  readonly #visible: VisibleCodes;
  readonly #rejections = new RateLimit(codePolicy.rejectionsPerMinute, 60_000);
  readonly #unknownCodes = new UnknownCodeCounter();

  constructor(options: CodeHandlerOptions) {
    this.#options = options;
    this.#visible = new VisibleCodes(options.holdMs);
  }

  /** Whether a code was in view within the last second. */
  inView(atMs: number): boolean {
    return this.#visible.inView(atMs);
  }

  /** Rejections that were held back because there were too many. */
  get heldBack(): number {
    return this.#rejections.heldBack;
  }

  /**
   * null for what is not ours, which is counted, and for a code that has already spoken in this showing.
   * @param partOf how many codes make the whole text, when this is one of several, 0 when nobody knows: a
   *   piece is never judged as a whole
   * @throws WatchpostError `edge.ledger_unusable`
   */
  async read(raw: string, atMs: number, partOf = 1): Promise<CodeFinding | null> {
    const routed = routePayload(raw);
    const { text } = routed;
    const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
    if (!this.#visible.isNew(fingerprint, atMs)) return null;
    if (partOf !== 1) return this.#unknown('part', raw);
    const { audience } = this.#options;
    switch (routed.kind) {
      case 'pass': {
        const checked = this.#checked(text, atMs);
        const verdict = await this.#judged(checked, atMs);
        if (verdict === null) return null;
        if (verdict.outcome === 'rejected' && !this.#rejections.allows(atMs)) return null;
        return passFinding(verdict, audience, fingerprint);
      }
      case 'plate': {
        const { issuers: keys, plateDomain } = this.#options;
        const verdict = verifyPlate(text, {
          keys,
          ...(plateDomain === undefined ? {} : { domain: plateDomain }),
        });
        if (verdict.outcome !== 'accepted') return this.#unknown('plate', raw);
        return { type: 'watchpost.address.scanned.v1', data: { address: verdict.id, kid: verdict.kid } };
      }
      default:
        return this.#unknown(unknownKindOf(routed), raw);
    }
  }

  /** What was read and is no pass or plate of this site; undefined as long as there was none. */
  get unknownCodes(): UnknownCodes | undefined {
    return this.#unknownCodes.snapshot();
  }

  #unknown(kind: UnknownKind, { length }: string): null {
    this.#unknownCodes.count(kind, length);
    return null;
  }

  /**
   * A blank at the end may be the reader's or the pass's own (it is a letter of Base45): the pass that can be
   * read counts.
   */
  #checked(text: string, now: number): PassVerdict {
    const { issuers: keys, audience, clockSkewMs } = this.#options;
    const options = { keys, audience, now, revoked: this.#options.revoked(), clockSkewMs };
    const asRead = verifyPass(text, options);
    const trimmed = withoutTrailingBlanks(text);
    const isReadable = asRead.outcome === 'accepted' || asRead.reason !== 'pass.malformed';
    return isReadable || trimmed === text ? asRead : verifyPass(trimmed, options);
  }

  async #judged(checked: PassVerdict, atMs: number): Promise<Judged | null> {
    if (this.#options.timeUnknown() && dependsOnTime(checked)) return forGuard(checked, 'edge.clock_unknown');
    if (checked.outcome !== 'accepted') return checked;
    return this.#options.listExpired()
      ? forGuard(checked, 'pass.list_expired')
      : this.#redeemed(checked, atMs);
  }

  /**
   * The proof on a phone changes every half minute: the pass that is still held there must not be used up by
   * that, so one showing of a pass counts once.
   */
  async #redeemed(verdict: Accepted, atMs: number): Promise<Judged | null> {
    const { claims, kid, proof } = verdict;
    const redeem = this.#options.redeem;
    if (!redeem) return verdict;
    if (!this.#visible.isNew(`pass ${claims.iss} ${claims.jti}`, atMs)) return null;
    const result = await redeem({ claims, proof, gate: this.#options.audience, atMs });
    return result.outcome === 'redeemed'
      ? verdict
      : { outcome: 'rejected', reason: result.reason, kid, claims };
  }
}

/** Not judged, and not counted as a use. */
const forGuard = ({ kid, claims }: PassVerdict, reason: CodeRejection['reason']): CodeRejection => ({
  ...{ outcome: 'rejected', reason },
  ...(kid === undefined ? {} : { kid }),
  ...(claims === undefined ? {} : { claims }),
});

/** Whether another time could have brought another verdict. */
function dependsOnTime(verdict: PassVerdict): boolean {
  if (verdict.outcome === 'accepted') return true;
  // A good pass whose moving proof does not fit the time is refused as wrongly signed.
  if (verdict.reason === 'pass.signature') return verdict.claims !== undefined;
  return verdict.reason === 'pass.expired' || verdict.reason === 'pass.not_yet_valid';
}

function passFinding(verdict: Judged, audience: string, fingerprint: string): CodeFinding {
  if (verdict.outcome === 'accepted') {
    const { jti, exp } = verdict.claims;
    const expires = new Date(exp * 1000).toISOString();
    return { type: 'watchpost.pass.accepted.v1', data: { jti, kid: verdict.kid, audience, expires } };
  }
  const suffix = verdict.reason.slice(verdict.reason.indexOf('.') + 1);
  return {
    type: 'watchpost.pass.rejected.v1',
    data: {
      reason: passRejectionReasons.find((reason) => reason === suffix) ?? 'malformed',
      fingerprint,
      ...(verdict.claims ? { jti: verdict.claims.jti } : {}),
      ...(verdict.kid && verdict.kid.length <= 64 ? { kid: verdict.kid } : {}),
    },
  };
}

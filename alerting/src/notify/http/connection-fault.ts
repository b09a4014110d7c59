import { Undelivered } from '../undelivered.ts';

const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA)/;

const codeOf = (failure: unknown): unknown =>
  failure instanceof Error && 'code' in failure ? failure.code : undefined;

/**
 * What a connection that failed means for the notice.
 * @param ended the signal of the caller
 * @param deadline the signal of the deadline
 * @param code what the system calls the failure
 */
export function connectionFault(
  failure: unknown,
  ended: AbortSignal,
  deadline: AbortSignal,
  code: unknown = codeOf(failure),
): Undelivered {
  if (failure instanceof Undelivered) return failure;
  if (ended.aborted) return new Undelivered({ outcome: 'retry', code: 'notify.interrupted' }, failure);
  if (deadline.aborted) return new Undelivered({ outcome: 'retry', code: 'notify.timeout' }, failure);
  if (certificateCodes.test(String(code)))
    return new Undelivered({ outcome: 'refused', code: 'notify.certificate' }, failure);
  return new Undelivered({ outcome: 'retry', code: 'notify.unreachable' }, failure);
}

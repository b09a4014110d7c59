import { Undelivered } from '../undelivered.ts';

const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * What a connection that failed means for the notice.
 * @param ended the signal of the caller
 * @param deadline the signal of the deadline
 */
export function connectionFault(failure: unknown, ended: AbortSignal, deadline: AbortSignal): Undelivered {
  if (failure instanceof Undelivered) return failure;
  if (ended.aborted) return new Undelivered({ outcome: 'retry', code: 'notify.interrupted' }, failure);
  if (deadline.aborted) return new Undelivered({ outcome: 'retry', code: 'notify.timeout' }, failure);
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : '';
  if (certificateCodes.test(code))
    return new Undelivered({ outcome: 'refused', code: 'notify.certificate' }, failure);
  return new Undelivered({ outcome: 'retry', code: 'notify.unreachable' }, failure);
}

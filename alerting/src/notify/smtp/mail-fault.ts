import { connectionFault } from '../http/connection-fault.ts';
import { Undelivered } from '../undelivered.ts';

/** What nodemailer says of a failure: a code of its own, and what the server answered (RFC 5321 §4.2). */
interface MailFailure {
  readonly code?: unknown;
  /** What the system said, where `code` is the library’s. */
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** What a mail that was not taken means for the notice: 4yz may succeed later, 5yz will not. */
export function mailFault(failure: unknown, ended: AbortSignal, deadline: AbortSignal): Undelivered {
  if (failure instanceof Undelivered) return failure;
  if (ended.aborted || deadline.aborted) return connectionFault(failure, ended, deadline);
  const { code, originalCode, responseCode, response } = failure as MailFailure;
  const reply = typeof responseCode === 'number' ? responseCode : undefined;
  const isLater = reply !== undefined && reply < 500;
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return isLater
      ? new Undelivered({ outcome: 'retry', code: 'notify.receiver_failed' }, failure)
      : new Undelivered({ outcome: 'refused', code: 'notify.credentials' }, failure);
  // The server offers no STARTTLS.
  if (code === 'ETLS' && reply !== undefined && !isLater)
    return new Undelivered({ outcome: 'refused', code: 'notify.certificate' }, failure);
  if (code === 'ETIMEDOUT') return new Undelivered({ outcome: 'retry', code: 'notify.timeout' }, failure);
  if (isLater) {
    // X.7.z: a rule of the server, as when somebody sends too much (RFC 3463 §3.8).
    const isRule = /\b4\.7\.\d/.test(String(response));
    const later = isRule ? 'notify.throttled' : 'notify.receiver_failed';
    return new Undelivered({ outcome: 'retry', code: later }, failure);
  }
  if (reply !== undefined) return new Undelivered({ outcome: 'refused', code: 'notify.refused' }, failure);
  return connectionFault(failure, ended, deadline, originalCode);
}

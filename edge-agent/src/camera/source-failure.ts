import type { ErrorCode } from '@watchpost/contracts/errors';

/**
 * A source of pictures that could not be opened or broke off, with the code that says why. Never carries the
 * address.
 */
export class SourceFailure extends Error {
  readonly code: ErrorCode;
  /** Of a refused certificate: its pin. */
  readonly shownCertificate: string | undefined;

  constructor(code: ErrorCode, shownCertificate?: string) {
    super(code);
    this.code = code;
    this.shownCertificate = shownCertificate;
  }
}

/** What a status of RTSP or HTTP means to whoever installs the camera (RFC 2326 §11, RFC 9110 §15). */
export function statusFailure(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 407:
      return 'edge.camera_password';
    case 403:
      return 'edge.camera_forbidden';
    case 404:
    case 410:
    case 454:
      return 'edge.camera_not_found';
    case 429:
    case 453:
    case 503:
      return 'edge.camera_busy';
    case 461:
      return 'edge.camera_transport';
    default:
      return 'edge.camera_protocol';
  }
}

import { connect } from 'node:net';
import type { ErrorCode } from '@watchpost/contracts/errors';

/**
 * Whether something listens at a camera’s address; a TCP connection is no log-in, so it may be tried as often
 * as one likes.
 * @returns undefined when it does, otherwise the code that says what is wrong
 */
export function reachHost(host: string, port: number, withinMs: number): Promise<ErrorCode | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (code?: ErrorCode) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => end('edge.camera_unreachable'), withinMs);
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(connectionFailure(error)));
  });
}

/** What a failed connection means. */
export function connectionFailure({ code, errors }: NodeJS.ErrnoException & { errors?: unknown }): ErrorCode {
  // Several addresses of one name were tried: the first says enough.
  const first = Array.isArray(errors) ? (errors[0] as NodeJS.ErrnoException | undefined)?.code : code;
  switch (first ?? code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return 'edge.camera_host_unknown';
    case 'ECONNREFUSED':
      return 'edge.camera_refused';
    default:
      return 'edge.camera_unreachable';
  }
}

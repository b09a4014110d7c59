import { type ErrorEntry, entry } from './error-entry.ts';

/** One picture of a camera, on its way from a gateway to whoever asked. */
export const stillErrors = {
  'still.away': entry(
    503,
    'The gateway of this camera cannot be asked for a picture.',
    'See whether the gateway is online. A server that certifies no gateways relays no pictures.',
  ),
  'still.late': entry(
    504,
    'No picture came in time.',
    'Try again. If it lasts, see whether the gateway is online and of this version.',
  ),
  'still.busy': entry(
    429,
    'The gateway of this camera is sending another picture.',
    'Try again in a few seconds.',
  ),
  'still.no_picture': entry(
    409,
    'The gateway has no picture of this camera.',
    'Do what is said about the named error of the camera, then ask again.',
  ),
  'still.unknown': entry(
    404,
    'Nobody waits for this picture.',
    'Nothing need be done: whoever asked has gone, or it came too late.',
  ),
} as const satisfies Record<string, ErrorEntry>;

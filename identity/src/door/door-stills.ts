import type { Caller } from './document-routes.ts';

/** Pictures that somebody waits for at the door. */
export interface DoorStills {
  /** Asked before anything of a picture is read. @throws WatchpostError `still.unknown` */
  assertAwaited(caller: Pick<Caller, 'site' | 'gateway'>, id: string): void;
  /** A picture, or the code that says why there is none. @throws WatchpostError `still.unknown` */
  brought(
    caller: Pick<Caller, 'site' | 'gateway'>,
    id: string,
    came: Buffer | { readonly error: string },
  ): void;
}

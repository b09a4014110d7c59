import { loadProfiles } from '@watchpost/hardware';

/** The kind of each hardware profile that there is, by its id. */
export const hardwareKinds = (): ReadonlyMap<string, string> =>
  new Map([...loadProfiles()].map(([id, { kind }]) => [id, kind]));

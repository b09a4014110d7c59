import { photoOf } from '../../api/photo-of.ts';

/**
 * The newest picture of a camera, its masks blanked; kept nowhere, and the look is in the audit log.
 * @throws ApiProblem
 */
export const stillOf = (site: string, camera: string, reason: string): Promise<Blob> =>
  photoOf(`/cameras/${encodeURIComponent(camera)}/still?site=${encodeURIComponent(site)}`, reason);

export type StillOf = typeof stillOf;

import { overlap } from '../face/detectors/detector.ts';
import type { Box } from '../frame/frame.ts';
import { dotAt } from '../gallery/search.ts';

/** What the assignment needs to know of a track or of a face in the new frame. */
export interface Placed {
  readonly box: Box;
  /** Last known embedding; null when there is none. */
  readonly embedding: Float32Array | null;
}

/**
 * Greedy assignment of faces to tracks by falling affinity. `tracks` carry the box predicted for the new
 * frame.
 * @returns for each face the index of its track, or −1
 */
export function assignFaces(tracks: readonly Placed[], faces: readonly Placed[]): number[] {
  const pairs: { track: number; face: number; affinity: number }[] = [];
  for (const [track, a] of tracks.entries()) {
    for (const [face, b] of faces.entries()) {
      const affinity = affinityOf(a, b);
      if (affinity > 0) pairs.push({ track, face, affinity });
    }
  }
  const result = faces.map(() => -1);
  const taken = new Set<number>();
  for (const { track, face } of pairs.toSorted((a, b) => b.affinity - a.affinity)) {
    if (result[face] !== -1 || taken.has(track)) continue;
    result[face] = track;
    taken.add(track);
  }
  return result;
}

/**
 * Place: IoU, or nearness of centres where slow frames leave no overlap. Looks: two embeddings that differ
 * clearly keep people apart who cross each other; two that agree bridge a jump.
 */
function affinityOf(a: Placed, b: Placed): number {
  const size = Math.max(1, (a.box.height + b.box.height) / 2);
  const distance =
    Math.hypot(
      a.box.x + a.box.width / 2 - b.box.x - b.box.width / 2,
      a.box.y + a.box.height / 2 - b.box.y - b.box.height / 2,
    ) / size;
  const ratio = a.box.height / b.box.height;
  if (!(ratio > 0.5 && ratio < 2) || !(distance < 2.5)) return 0;
  const looks = a.embedding && b.embedding ? dotAt(a.embedding, 0, b.embedding) : null;
  const near = Math.max(overlap(a.box, b.box), 0.5 * (1 - distance));
  if (looks === null) return near;
  if (looks < 0.15) return 0;
  return near + looks > 0.3 ? Math.max(near, 0.05) + looks : near;
}

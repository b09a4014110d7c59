/** A rectangle of a sample photo, pixels. */
export interface Crop {
  /** Number of the sample photo, 1…6. */
  readonly photo: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Role = 'watch' | 'access' | 'stranger';

/**
 * Who walks past the gate: head and shoulders from a sample photo of a test-image set. The labels are made
 * up.
 */
export interface CastMember {
  readonly id: string;
  readonly role: Role;
  readonly scene: Crop;
  /** Where the enrolment photo comes from; never the crop that walks past. */
  readonly enrolment?: Crop & {
    readonly mirrored?: boolean;
    /** Turned by so many degrees, so that the head is upright. */
    readonly turned?: number;
    readonly width: number;
    readonly scaledTo?: number;
  };
}

export const cast: readonly CastMember[] = [
  {
    id: 'demo-watch-entry',
    role: 'watch',
    scene: { photo: 3, left: 930, top: 30, width: 500, height: 720 },
    // The same person in another photo, in which the head is tilted.
    enrolment: { photo: 1, left: 1330, top: 100, width: 500, height: 520, turned: -35 },
  },
  {
    id: 'demo-access-entry',
    role: 'access',
    scene: { photo: 3, left: 440, top: 200, width: 500, height: 700 },
    enrolment: { photo: 3, left: 500, top: 260, width: 400, height: 460, mirrored: true, scaledTo: 260 },
  },
  { id: 'stranger-1', role: 'stranger', scene: { photo: 6, left: 1040, top: 180, width: 440, height: 680 } },
  { id: 'stranger-2', role: 'stranger', scene: { photo: 5, left: 230, top: 730, width: 460, height: 660 } },
  { id: 'stranger-3', role: 'stranger', scene: { photo: 6, left: 110, top: 340, width: 480, height: 700 } },
];

/** Who is on a list. */
export const listedMembers: readonly CastMember[] = cast.filter(({ role }) => role !== 'stranger');

import type { ToldLine } from '@watchpost/contracts/site';
import type { EventData, ZoneId } from '@watchpost/contracts/wire';
import { RateLimit } from '../devices/rate-limit.ts';
import { linePolicy } from './policy.ts';

/** Something that is followed: where its middle is in the upright picture, 0…1. */
export interface FollowedPoint {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** A line was crossed; the caller adds the device. */
export interface LineFinding {
  readonly type: 'watchpost.line.crossed.v1';
  readonly data: EventData<'watchpost.line.crossed.v1'>;
  readonly zone: ZoneId;
  readonly capturedAtMs: number;
}

/** What is known of one that is followed beside one line. */
interface Passage {
  x: number;
  y: number;
  /** On which side it was seen last beyond the margin. */
  side: 'left' | 'right' | null;
  /** Whether its way went between the ends of the line since then. */
  wentThrough: boolean;
}

/**
 * Notices when what is followed crosses one of a camera’s lines. It has to leave one side beyond a margin and
 * to come to the other one beyond it, with its way between the ends of the line: so nobody who stands on a
 * line crosses it again and again, and who walks around its end crosses nothing. Keeps positions of what is
 * followed at present, in memory.
 */
export class LineCrossings {
  readonly #lines: readonly ToldLine[];
  readonly #passages: ReadonlyMap<string, Map<string, Passage>>;
  readonly #limit = new RateLimit(linePolicy.crossingsPerMinute, 60_000);

  constructor(lines: readonly ToldLine[]) {
    this.#lines = lines;
    this.#passages = new Map(lines.map(({ line }) => [line, new Map<string, Passage>()]));
  }

  /** Crossings that were held back because there were too many. */
  get heldBack(): number {
    return this.#limit.heldBack;
  }

  /**
   * @param followed everything that is followed now; whatever is missing is forgotten
   * @param aspect width of the picture by its height
   */
  observe(followed: readonly FollowedPoint[], aspect: number, atMs: number): LineFinding[] {
    const findings: LineFinding[] = [];
    const present = new Set(followed.map(({ id }) => id));
    for (const drawn of this.#lines) {
      const passages = this.#passages.get(drawn.line);
      if (!passages) continue;
      for (const id of passages.keys()) if (!present.has(id)) passages.delete(id);
      for (const point of followed) {
        const direction = crossed(drawn, passages, point, aspect);
        if (direction === null || !this.#limit.allows(atMs)) continue;
        const { line, zone } = drawn;
        findings.push({
          type: 'watchpost.line.crossed.v1',
          data: { line, direction },
          ...{ zone, capturedAtMs: atMs },
        });
      }
    }
    return findings;
  }
}

function crossed(
  drawn: ToldLine,
  passages: Map<string, Passage>,
  { id, x, y }: FollowedPoint,
  aspect: number,
): 'in' | 'out' | null {
  const before = passages.get(id);
  const side = sideOf(drawn, x, y, aspect);
  if (!before) {
    passages.set(id, { x, y, side, wentThrough: false });
    return null;
  }
  if (isBetweenEnds(drawn, before, { x, y })) before.wentThrough = !before.wentThrough;
  before.x = x;
  before.y = y;
  if (side === null) return null;
  const hasCrossed = before.side !== null && side !== before.side && before.wentThrough;
  before.side = side;
  before.wentThrough = false;
  if (!hasCrossed) return null;
  return side === drawn.inside ? 'in' : 'out';
}

/** null within the margin. */
function sideOf({ from, to }: ToldLine, x: number, y: number, aspect: number): 'left' | 'right' | null {
  const [dx, dy] = [(to[0] - from[0]) * aspect, to[1] - from[1]];
  const distance = (dx * (y - from[1]) - dy * (x - from[0]) * aspect) / Math.hypot(dx, dy);
  if (Math.abs(distance) < linePolicy.margin) return null;
  // Heights count downwards, so that what is right of the line has the greater ones.
  return distance > 0 ? 'right' : 'left';
}

interface At {
  readonly x: number;
  readonly y: number;
}

/** Whether a step goes through the line between its ends. */
function isBetweenEnds({ from, to }: ToldLine, a: At, b: At): boolean {
  const of = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
    (qx - px) * (ry - py) - (qy - py) * (rx - px);
  const line = [from[0], from[1], to[0], to[1]] as const;
  // A step that ends on the line is through it, one that begins there is not: so it counts once.
  const isApart = of(...line, a.x, a.y) > 0 !== of(...line, b.x, b.y) > 0;
  const ends = of(a.x, a.y, b.x, b.y, from[0], from[1]) > 0 !== of(a.x, a.y, b.x, b.y, to[0], to[1]) > 0;
  return isApart && ends;
}

import type { Frame } from '@watchpost/inference';
import type { CodesSeen } from '../camera/frame-wire.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { SeenCells } from '../tamper/cell-grid.ts';
import type { CodeFinding, CodeHandler } from './code-handler.ts';
import type { FaceFinding, FaceHandler } from './face-handler.ts';
import type { LineCrossings, LineFinding } from './line-crossings.ts';
import { MotionGate, WorkPlan } from './motion-gate.ts';
import type { MotionPolicy } from './policy.ts';

/** A finding with its capture time. */
export type CameraFinding = FaceFinding | LineFinding | (CodeFinding & { readonly capturedAtMs: number });

export interface FrameHandlerOptions {
  readonly motion: MotionPolicy;
  /** What of the picture is not masked. */
  readonly seen: SeenCells;
  /** Left out when the camera does not look for faces. */
  readonly faces?: FaceHandler | undefined;
  /** Left out when no line is drawn in its picture. */
  readonly lines?: Pick<LineCrossings, 'observe'> | undefined;
  /** Left out when the camera does not look for codes. */
  readonly codes?:
    | {
        readonly handler: Pick<CodeHandler, 'inView' | 'read'>;
        /** Has all pixels of the frame searched; what is found comes to `codesSeen`. */
        look(thorough: boolean): void;
      }
    | undefined;
  /** Whether faces may be matched now; asked before every look. */
  mayMatch(): boolean;
  report(finding: CameraFinding): void;
}

/** One camera's frames: gate, then codes, then faces. An empty scene costs the gate only. */
export class FrameHandler {
  readonly #options: FrameHandlerOptions;
  readonly #gate: MotionGate;
  readonly #plan: WorkPlan;

  constructor(options: FrameHandlerOptions) {
    this.#options = options;
    this.#gate = new MotionGate(options.motion, options.seen);
    this.#plan = new WorkPlan(options.motion);
  }

  async work(frame: Frame): Promise<void> {
    const { codes, report } = this.#options;
    const faces = this.#options.mayMatch() ? this.#options.faces : undefined;
    if (!faces) this.#options.faces?.forget();
    const following = (faces?.following ?? false) || (codes?.handler.inView(frame.capturedAt) ?? false);
    const todo = this.#plan.decide(frame.capturedAt, this.#gate.observe(frame), following);
    // Before anything that takes time: the decoder looks at the frame that it sent last.
    if (codes && todo.codes !== 'none') codes.look(todo.codes === 'thorough');
    if (faces) {
      const findings = todo.faces ? await faces.look(frame) : faces.skip(frame.capturedAt);
      findings.forEach(report);
      const { width, height, capturedAt } = frame;
      this.#options.lines?.observe(faces.placesIn(frame), width / height, capturedAt).forEach(report);
    }
  }

  /** Codes were found in the frame of that time. One that is asked about keeps no other waiting. */
  async codesSeen({ capturedAt, codes: seen }: CodesSeen): Promise<void> {
    const { codes, report } = this.#options;
    await Promise.all(
      seen.map(async ({ text, partOf }) => {
        const finding = await codes?.handler.read(text, capturedAt, partOf);
        if (finding) report({ ...finding, capturedAtMs: capturedAt });
      }),
    );
  }
}

/** Puts the device on a finding, and its zone where the finding has none of its own. */
export function draftOf(finding: CameraFinding, device: string, zone: EventDraft['zone']): EventDraft {
  return { zone, ...finding, device } as EventDraft;
}

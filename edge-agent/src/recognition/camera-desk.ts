import type { Frame } from '@watchpost/inference';
import type { CodesSeen } from '../camera/frame-wire.ts';
import type { EventDraft } from '../domain/event-draft.ts';
import { MotionGate, WorkPlan } from '../domain/motion-gate.ts';
import type { CodeDesk, CodeFinding } from './code-desk.ts';
import type { FaceDesk, FaceFinding } from './face-desk.ts';

/** A finding with its capture time. */
export type CameraFinding = FaceFinding | (CodeFinding & { readonly capturedAtMs: number });

export interface CameraDeskOptions {
  /** Left out when the camera does not look for faces. */
  readonly faces?: FaceDesk | undefined;
  /** Left out when the camera does not look for codes. */
  readonly codes?:
    | {
        readonly desk: Pick<CodeDesk, 'inView' | 'read'>;
        /** Has all pixels of the frame searched; what is found comes to `codesSeen`. */
        look(thorough: boolean): void;
      }
    | undefined;
  /** Whether faces may be matched now; asked before every look. */
  mayMatch(): boolean;
  report(finding: CameraFinding): void;
}

/** One camera's frames: gate, then codes, then faces. An empty scene costs the gate only. */
export class CameraDesk {
  readonly #options: CameraDeskOptions;
  readonly #gate = new MotionGate();
  readonly #plan = new WorkPlan();

  constructor(options: CameraDeskOptions) {
    this.#options = options;
  }

  async work(frame: Frame): Promise<void> {
    const { codes, report } = this.#options;
    const faces = this.#options.mayMatch() ? this.#options.faces : undefined;
    if (!faces) this.#options.faces?.forget();
    const following = (faces?.following ?? false) || (codes?.desk.inView(frame.capturedAt) ?? false);
    const todo = this.#plan.decide(frame.capturedAt, this.#gate.observe(frame), following);
    // Before anything that takes time: the decoder looks at the frame that it sent last.
    if (codes && todo.codes !== 'none') codes.look(todo.codes === 'thorough');
    if (faces) {
      const findings = todo.faces ? await faces.look(frame) : faces.skip(frame.capturedAt);
      findings.forEach(report);
    }
  }

  /** Codes were found in the frame of that time. */
  codesSeen({ capturedAt, codes: seen }: CodesSeen): void {
    const { codes, report } = this.#options;
    for (const { text, partOf } of seen) {
      const finding = codes?.desk.read(text, capturedAt, partOf);
      if (finding) report({ ...finding, capturedAtMs: capturedAt });
    }
  }
}

/** Puts the device and its zone on a finding. */
export function draftOf(finding: CameraFinding, device: string, zone: EventDraft['zone']): EventDraft {
  return { ...finding, device, zone } as EventDraft;
}

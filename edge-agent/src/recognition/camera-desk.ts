import type { CodeReader, Frame } from '@watchpost/inference';
import type { EventDraft } from '../domain/event-draft.ts';
import { MotionGate, WorkPlan } from '../domain/motion-gate.ts';
import type { CodeDesk, CodeFinding } from './code-desk.ts';
import type { FaceDesk, FaceFinding } from './face-desk.ts';

/** A finding with its capture time. */
export type CameraFinding = FaceFinding | (CodeFinding & { readonly capturedAtMs: number });

/** Two ways to look for codes; see `FrameWork.codes`. */
export interface CodeReaders {
  readonly quick: CodeReader;
  readonly thorough: CodeReader;
}

export interface CameraDeskOptions {
  /** Left out when the camera does not look for faces. */
  readonly faces?: FaceDesk | undefined;
  /** Left out when the camera does not look for codes. */
  readonly codes?:
    | { readonly desk: Pick<CodeDesk, 'inView' | 'read'>; readonly readers: CodeReaders }
    | undefined;
  /** Whether faces may be matched now; asked before every look. */
  mayMatch(): boolean;
  report(finding: CameraFinding): void;
}

/** One camera's frames: gate, then faces, then codes. An empty scene costs the gate only. */
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
    if (faces) {
      const findings = todo.faces ? await faces.look(frame) : faces.skip(frame.capturedAt);
      findings.forEach(report);
    }
    if (codes && todo.codes !== 'none') {
      for (const { text, partOf } of await codes.readers[todo.codes].read(frame)) {
        const finding = codes.desk.read(text, frame.capturedAt, partOf);
        if (finding) report({ ...finding, capturedAtMs: frame.capturedAt });
      }
    }
  }
}

/** Puts the device and its zone on a finding. */
export function draftOf(finding: CameraFinding, device: string, zone: EventDraft['zone']): EventDraft {
  return { ...finding, device, zone } as EventDraft;
}

import type { TaskState } from '@watchpost/contracts/api';

/** Who takes a step: who is of the unit, or who gives it its tasks. */
export type TaskActor = 'unit' | 'dispatcher';

/** A step that may be taken. */
export interface TaskStep {
  readonly to: TaskState;
  /** Somebody is on the way already, or counted on: why has to be said. */
  readonly needsReason: boolean;
}

/**
 * The next rung first. Whoever dispatches also takes the steps of the unit, as it says them over the radio.
 */
const ladder: Readonly<Record<TaskState, readonly TaskState[]>> = {
  offered: ['accepted', 'declined', 'recalled'],
  accepted: ['en_route', 'declined', 'recalled'],
  en_route: ['on_scene', 'declined', 'recalled'],
  on_scene: ['done', 'recalled'],
  done: [],
  declined: [],
  recalled: [],
};

/** Whether nothing can follow any more. */
export const isOver = (state: TaskState): boolean => ladder[state].length === 0;

/** Whether the unit is at work on it. */
export const isUnderWay = (state: TaskState): boolean => !isOver(state) && state !== 'offered';

/** What may follow, the next rung first. */
export function stepsFrom(state: TaskState, actor: TaskActor): readonly TaskStep[] {
  return ladder[state]
    .filter((to) => to !== 'recalled' || actor === 'dispatcher')
    .map((to) => ({ to, needsReason: isUnderWay(state) && (to === 'declined' || to === 'recalled') }));
}

/** The step, where it may be taken. */
export const stepTo = (from: TaskState, to: TaskState, actor: TaskActor): TaskStep | undefined =>
  stepsFrom(from, actor).find((step) => step.to === to);

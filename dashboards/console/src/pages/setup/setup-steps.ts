import type { SetupAnswer } from '@watchpost/contracts/api';

/**
 * The steps of the wizard, in their order; each is called `setup.{step}` and asks because of
 * `setup.why.{step}`.
 */
export const setupSteps = [
  'account',
  'address',
  'site',
  'camera',
  'log_in',
  'picture',
  'draw',
  'walk',
  'faces',
] as const;
export type SetupStep = (typeof setupSteps)[number];

/** What is kept when somebody is through. */
export const setupDone = 'done';

type Kept = NonNullable<SetupAnswer['setup']>;
/** What was chosen on the way; nothing secret. */
export type Choices = Kept['choices'];

/** Where to go on: what was kept, or the beginning. */
export function stepOf(setup: SetupAnswer['setup']): SetupStep {
  return setupSteps.find((step) => step === setup?.step) ?? 'account';
}

export const nextOf = (step: SetupStep): SetupStep | typeof setupDone =>
  setupSteps[setupSteps.indexOf(step) + 1] ?? setupDone;

export const beforeOf = (step: SetupStep): SetupStep | null =>
  setupSteps[setupSteps.indexOf(step) - 1] ?? null;

import type { Action } from './use-action.ts';

export interface SubmitProps {
  readonly action: Action;
  readonly label: string;
  /** The id of the button; the place of the problem has `-problem` behind it. */
  readonly testId: string;
  readonly danger?: boolean;
}

/** The end of a form: what was wrong, and the button. It stays enabled, so that the focus stays on it. */
export function Submit({ action, label, testId, danger = false }: SubmitProps) {
  return (
    <>
      <p className="problem" role="alert" data-testid={`${testId}-problem`}>
        {action.problem}
      </p>
      <button
        type="submit"
        className={`button ${danger ? 'button-danger' : 'button-primary'}`}
        data-testid={testId}
        data-pending={action.busy || undefined}
      >
        {label}
      </button>
    </>
  );
}

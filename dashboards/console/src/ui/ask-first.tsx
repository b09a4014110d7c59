import { lazy, type ReactNode, Suspense, useState } from 'react';

const AskDialog = lazy(async () => ({ default: (await import('./ask-dialog.tsx')).AskDialog }));

export interface AskFirstProps {
  /** What the button says that opens it. */
  readonly button: string;
  readonly testId: string;
  readonly title: string;
  /** What happens, and to whom. */
  readonly text: string;
  /** What the dialog asks for besides; `onConfirm` gets its inputs by their names. */
  readonly children?: ReactNode;
  /** Whether it cannot be taken back. */
  readonly danger?: boolean;
  readonly onConfirm: (fields: FormData) => Promise<void>;
}

/** A button for what asks before it does anything. The dialog stays, with the reason, when it was refused. */
export function AskFirst(props: AskFirstProps) {
  const { button, testId, danger = true } = props;
  const [open, setOpen] = useState(false);
  const [isWanted, setIsWanted] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`button ${danger ? 'button-danger' : ''}`}
        onClick={() => {
          setIsWanted(true);
          setOpen(true);
        }}
        data-testid={testId}
      >
        {button}
      </button>
      {isWanted && (
        <Suspense>
          <AskDialog {...props} open={open} setOpen={setOpen} />
        </Suspense>
      )}
    </>
  );
}

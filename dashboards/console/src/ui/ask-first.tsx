import { lazy, Suspense, useState } from 'react';
import type { AskFirstProps } from './ask-dialog.tsx';

const AskDialog = lazy(async () => ({ default: (await import('./ask-dialog.tsx')).AskDialog }));

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

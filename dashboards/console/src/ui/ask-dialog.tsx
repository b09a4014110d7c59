import { type FormEvent, type ReactNode, useEffect } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTexts } from '../texts/texts.tsx';
import { Submit } from './submit.tsx';
import { useAction } from './use-action.ts';

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

interface AskDialogProps extends AskFirstProps {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
}

/** The dialog of {@link AskFirstProps}: loaded when somebody opens the first one. */
export function AskDialog(props: AskDialogProps) {
  const { button, testId, title, text, children, danger = true, onConfirm, open, setOpen } = props;
  const { t } = useTexts();
  const { run, refuse, ...state } = useAction();
  // What went wrong the last time is no news when it is opened again.
  useEffect(() => {
    if (open) refuse('');
  }, [open, refuse]);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    if (await run(() => onConfirm(fields))) setOpen(false);
  }
  return (
    <ModalOverlay className="overlay" isOpen={open} isDismissable onOpenChange={setOpen}>
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog" data-testid={`${testId}-dialog`}>
          <form className="dialog-form" onSubmit={(event) => void submit(event)}>
            <Heading slot="title">{title}</Heading>
            <p>{text}</p>
            {children}
            <div className="steps-row">
              <Submit
                action={{ ...state, run, refuse }}
                label={button}
                testId={`${testId}-confirm`}
                danger={danger}
              />
              <button
                type="button"
                className="button"
                onClick={() => setOpen(false)}
                data-testid={`${testId}-cancel`}
              >
                {t('manage.cancel')}
              </button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

import type { Alert, Disposition } from '@watchpost/contracts/alert';
import type { TransitionRequest } from '@watchpost/contracts/api';
import { type FormEvent, useState } from 'react';
import {
  Button,
  Dialog,
  Form,
  Heading,
  Label,
  Modal,
  ModalOverlay,
  Radio,
  RadioGroup,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import { codeText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { needsDisposition } from './alert-actions.ts';

const dispositions: readonly Disposition[] = ['genuine', 'false', 'nuisance', 'test', 'duplicate'];

export interface ResolveDialogProps {
  readonly alert: Alert;
  /** To resolve it, or to correct what it was said to be. */
  readonly purpose: 'resolve' | 'correct';
  readonly busy: boolean;
  /** Why the last try was refused; empty when it was not. */
  readonly problem: string;
  readonly onCancel: () => void;
  readonly onResolve: (wish: Pick<TransitionRequest, 'disposition' | 'reason'>) => void;
}

/** Asks what the alert turned out to be. */
export function ResolveDialog(props: ResolveDialogProps) {
  const { alert, purpose, busy, problem, onCancel, onResolve } = props;
  const texts = useTexts();
  const { t } = texts;
  const required = purpose === 'correct' || needsDisposition(alert);
  const [disposition, setDisposition] = useState<Disposition | null>(
    purpose === 'correct' ? alert.disposition : null,
  );
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setMissing(required && disposition === null);
    if (required && disposition === null) return;
    onResolve({
      ...(disposition === null ? {} : { disposition }),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    });
  }

  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onCancel();
      }}
    >
      <Modal className="modal">
        <Dialog className="dialog" data-testid="resolve-dialog">
          <Form onSubmit={submit}>
            <Heading slot="title">{t(purpose === 'resolve' ? 'resolve.title' : 'correct.title')}</Heading>
            <RadioGroup
              className="dispositions"
              value={disposition}
              onChange={(value) => setDisposition(value as Disposition)}
              isInvalid={missing && disposition === null}
            >
              <Label>{t('resolve.question')}</Label>
              <Text slot="description">
                {purpose === 'correct'
                  ? t('correct.help')
                  : required
                    ? t('resolve.required', { severity: t(`severity.${alert.severity}`).toLowerCase() })
                    : t('resolve.optional')}
              </Text>
              {dispositions.map((name) => (
                <Radio key={name} value={name} className="disposition" data-testid={`disposition-${name}`}>
                  <span className="radio-dot" aria-hidden="true" />
                  <span>
                    <b>{t(`disposition.${name}`)}</b>
                    <small>{t(`dispositionHelp.${name}`)}</small>
                  </span>
                </Radio>
              ))}
            </RadioGroup>
            <TextField value={reason} onChange={setReason} maxLength={500}>
              <Label>{t('resolve.reason')}</Label>
              <TextArea rows={2} data-testid="resolve-reason" />
              <Text slot="description">{t('resolve.reasonHelp')}</Text>
            </TextField>
            <p className="problem" role="alert">
              {missing && disposition === null && codeText(texts, 'alert.disposition_required')}
              {problem}
            </p>
            <div className="steps-row">
              <Button
                type="submit"
                className="button button-primary"
                data-testid="resolve-submit"
                data-pending={busy || undefined}
              >
                {t(purpose === 'resolve' ? 'resolve.submit' : 'correct.submit')}
              </Button>
              <Button className="button" onPress={onCancel} data-testid="resolve-cancel">
                {t('resolve.cancel')}
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

import type { RulesView } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { RuleSetFile } from '@watchpost/contracts/site';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { rulesEn } from './texts-en.ts';

interface RulesInForceProps {
  readonly ask: Ask;
  readonly view: RulesView;
  readonly rules: () => RuleSetFile;
  readonly changed: boolean;
  readonly onForce: () => Promise<void>;
}

/** How a draft comes into force: under a name, as a file beside the site file. */
export function RulesInForce({ ask, view, rules, changed, onForce }: RulesInForceProps) {
  const { t } = usePageTexts<typeof rulesEn>();
  const [name, setName] = useState(view.file ? (view.ruleSet.split('@')[0] ?? '') : '');
  const [note, setNote] = useState(view.file?.note ?? '');
  const [said, setSaid] = useState('');
  const action = useAction();
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (!changed) return action.refuse(t('rules.isSame'));
    const { note: _, ...set } = rules();
    void action.run(async () => {
      await call(ask, 'POST /rules', {
        query: { site: view.site },
        body: {
          ...{ basedOn: view.ruleSet, name: name.trim() },
          rules: note.trim() === '' ? set : { ...set, note: note.trim() },
        },
      });
      setSaid(t('rules.written'));
      await onForce();
    });
  };
  return (
    <section className="managed-part" aria-labelledby="rules-force">
      <h3 id="rules-force">{t('rules.force')}</h3>
      <p className="muted">{t('rules.forceLead')}</p>
      <form className="managed-form" onSubmit={submit}>
        <Field
          label={t('rules.name')}
          hint={t('rules.nameHint')}
          value={name}
          maxLength={18}
          required
          onChange={({ target }) => setName(target.value)}
          data-testid="rules-name"
        />
        <Field
          label={t('rules.note')}
          value={note}
          maxLength={500}
          onChange={({ target }) => setNote(target.value)}
          data-testid="rules-note"
        />
        <Submit action={action} label={t('rules.forceNow')} testId="rules-force-now" />
      </form>
      <p role="status" data-testid="rules-said">
        {said}
      </p>
    </section>
  );
}

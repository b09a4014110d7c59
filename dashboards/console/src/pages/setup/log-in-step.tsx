import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { CameraTrialNotice, useCameraTrial } from '../../ui/site-file/camera-trial.tsx';
import { EntryFields, EntryText } from '../../ui/site-file/entry-fields.tsx';
import { fieldsOf, textOf, valueAt, withValue } from '../../ui/site-file/file-value.ts';
import { SecretField, secretNameOf } from '../../ui/site-file/secret-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { cameraEdits, cameraOf, cameraPointer } from './camera-step.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useApply } from './use-apply.ts';

/** How to log in to the camera. The password goes to the server, and the file names it. */
export function LogInStep({ step, api, view, reload, choices, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const apply = useApply({ api, view, reload });
  const trial = useCameraTrial(api);
  const file = fieldsOf(view.value);
  const camera = cameraOf(file, choices);
  const [value, set] = useState(camera.entry);
  const [password, setPassword] = useState('');
  const pointer = cameraPointer(camera, file);
  const isFile = valueAt(value, ['connect', 'driver']) === 'file';
  async function go() {
    let next = value;
    const user = textOf(valueAt(value, ['connect', 'user']));
    if (!(await trial.mayWrite(value, user === '' ? '' : password))) return;
    if (password !== '') {
      const secret = await api.keepSecret(secretNameOf(camera.id, ['password']), password);
      next = withValue(next, ['connect', 'password'], { secret });
    }
    // A password without a user is one that was not asked for.
    if (textOf(valueAt(next, ['connect', 'user'])) === '')
      next = withValue(next, ['connect', 'password'], undefined);
    set(next);
    if (!(await apply.run(cameraEdits(camera, next), [pointer]))) return;
    setPassword('');
    await onNext();
  }
  return (
    <StepFrame {...{ step, action, onBack }} onSubmit={go} label={t('setup.connect')}>
      {isFile ? (
        <p>{t('setup.noLogIn')}</p>
      ) : (
        <EntryFields value={value} set={set} pointer={pointer} mistakes={apply.mistakes}>
          <EntryText at={['connect', 'user']} label={t('setup.user')} hint={t('setup.userHint')} />
          <SecretField
            at={['connect', 'password']}
            label={t('setup.password')}
            typed={password}
            onType={setPassword}
            file={file}
          />
        </EntryFields>
      )}
      <CameraTrialNotice trial={trial} />
    </StepFrame>
  );
}

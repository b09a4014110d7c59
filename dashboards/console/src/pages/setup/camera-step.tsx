import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { cameraDriver } from '../../ui/site-file/device-kinds.ts';
import { editsBetween } from '../../ui/site-file/edits-between.ts';
import { EntryFields, EntryText, withBothNames } from '../../ui/site-file/entry-fields.tsx';
import {
  entriesOf,
  type Fields,
  fieldsOf,
  textOf,
  valueAt,
  withValue,
} from '../../ui/site-file/file-value.ts';
import { freshDevice } from '../../ui/site-file/fresh-device.ts';
import { useAction } from '../../ui/use-action.ts';
import { SetupName } from './setup-name.tsx';
import type { Choices } from './setup-steps.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useApply } from './use-apply.ts';

/** The camera of the wizard as the file has it, or as it is to come into it. */
export interface SetUpCamera {
  readonly id: string;
  /** Where in the list; -1: it is not there yet. */
  readonly index: number;
  readonly entry: Fields;
}

export function cameraOf(file: Fields, choices: Choices): SetUpCamera {
  const devices = entriesOf(file.devices);
  const id = textOf(choices.camera);
  const index = devices.findIndex((device) => device.id === id);
  const present = devices[index];
  if (present) return { id, index, entry: present };
  const fresh = freshDevice(file, 'camera');
  const url = textOf(choices.cameraUrl);
  const name = textOf(choices.cameraName);
  const entry = {
    ...fresh,
    ...(name === '' ? {} : { name: { 'zh-CN': name, en: name } }),
    ...(url === '' ? {} : { connect: { driver: cameraDriver(url), url } }),
  };
  return { id: textOf(fresh.id), index: -1, entry };
}

/** What has to be edited so that the file has the camera like this. */
export const cameraEdits = ({ index, entry }: SetUpCamera, next: Fields) =>
  editsBetween(index < 0 ? undefined : entry, next, ['devices', index < 0 ? '-' : index]);

export const cameraPointer = ({ index }: SetUpCamera, file: Fields): string =>
  `/devices/${index < 0 ? entriesOf(file.devices).length : index}`;

/** Where the first camera is. Nothing is changed before it is known how to log in. */
export function CameraStep({ step, api, view, reload, choices, onNext, onBack }: StepProps) {
  const { t, language } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const apply = useApply({ api, view, reload });
  const file = fieldsOf(view.value);
  const camera = cameraOf(file, choices);
  const [value, set] = useState(camera.entry);
  const pointer = cameraPointer(camera, file);
  return (
    <StepFrame
      {...{ step, action, onBack }}
      onSubmit={async () => {
        const next = withBothNames(value);
        // Of a camera that is there already the change waits for no password.
        const only = camera.index < 0 ? 'look' : undefined;
        if (!(await apply.run(cameraEdits(camera, next), [pointer], only))) return;
        await onNext({
          ...{ camera: camera.id, cameraUrl: textOf(valueAt(next, ['connect', 'url'])) },
          cameraName: textOf(valueAt(next, ['name', language])),
        });
      }}
    >
      <EntryFields value={value} set={set} pointer={pointer} mistakes={apply.mistakes}>
        <EntryText
          at={['connect', 'url']}
          label={t('setup.cameraUrl')}
          hint={t('setup.cameraUrlHint')}
          placeholder="rtsp://192.168.1.20:554/stream1"
          required
          also={(changed, url) => withValue(changed, ['connect', 'driver'], cameraDriver(url))}
        />
        <SetupName label={t('setup.cameraName')} />
      </EntryFields>
      <p className="muted">{t('setup.cameraOthers')}</p>
    </StepFrame>
  );
}

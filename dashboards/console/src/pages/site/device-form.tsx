import type { DriverName } from '@watchpost/contracts/site';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { CameraTrialNotice, useCameraTrial } from '../../ui/site-file/camera-trial.tsx';
import {
  type ConnectField,
  cameraDriver,
  connectFields,
  type DeviceKind,
  driversOf,
  genericProfile,
  isKind,
  kinds,
} from '../../ui/site-file/device-kinds.ts';
import { Drawing } from '../../ui/site-file/drawing.tsx';
import {
  EntryCheck,
  EntryChoice,
  EntryMistakes,
  EntryName,
  EntryText,
} from '../../ui/site-file/entry-fields.tsx';
import {
  entriesOf,
  type Fields,
  fieldsOf,
  nameIn,
  type Path,
  pointOf,
  textOf,
  valueAt,
  withValue,
} from '../../ui/site-file/file-value.ts';
import { freshDevice, middleOf } from '../../ui/site-file/fresh-device.ts';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import { groundOf, PlanGround } from '../../ui/site-file/plan-ground.tsx';
import { SecretField, secretNameOf } from '../../ui/site-file/secret-field.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import type { ZoneOutlineProps } from '../../ui/site-file/zone-outline.tsx';
import type { siteEn } from './texts-en.ts';

export interface DeviceFormProps extends SitePartProps {
  /** Of the device; null: a new one. */
  readonly id: string | null;
  readonly onLeave: () => void;
}

/** Adds a camera, a reader or a sensor, or changes one. */
export function DeviceForm({ id, ...part }: DeviceFormProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const { api, view, onDone } = part;
  const file = fieldsOf(view.value);
  const [fresh] = useState(() => freshDevice(file, 'camera'));
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const trial = useCameraTrial(api);
  const index = entriesOf(file.devices).findIndex((device) => device.id === id);
  const present = entriesOf(file.devices)[index];
  const name = present ? nameIn(present, language) : t('site.deviceNew');
  /** Keeps what was typed as passwords; the entry gets their names. */
  async function prepare(value: Fields): Promise<Fields | null> {
    const { password = '' } = secrets;
    const isOther = JSON.stringify(value.connect) !== JSON.stringify(present?.connect);
    if (value.kind === 'camera' && (isOther || password !== '') && !(await trial.mayWrite(value, password)))
      return null;
    let ready = value;
    for (const [key, secret] of Object.entries(secrets)) {
      if (secret === '') continue;
      const kept = await api.keepSecret(secretNameOf(textOf(value.id), [key]), secret);
      ready = withValue(ready, ['connect', key], { secret: kept });
    }
    setSecrets({});
    return ready;
  }
  async function remove() {
    await api.apply(view.digest, [{ path: ['devices', index] }]);
    onDone(t('site.removed', { name }));
  }
  return (
    <>
      <PlaceForm
        {...part}
        place={{ list: 'devices', id }}
        fresh={fresh}
        title={name}
        testId="device-form"
        isMore={Object.values(secrets).some((secret) => secret !== '')}
        prepare={prepare}
      >
        {(value, set, touch) => (
          <>
            <DeviceFields
              {...{ file, value, set, secrets, isNew: id === null }}
              onSecret={(key, secret) => {
                touch();
                setSecrets({ ...secrets, [key]: secret });
              }}
            />
            <CameraTrialNotice trial={trial} />
            <DevicePlace {...{ file, value, set }} />
          </>
        )}
      </PlaceForm>
      {present && part.mayEdit && (
        <AskFirst
          button={t('site.remove')}
          testId="device-remove"
          title={t('site.removeTitle', { name })}
          text={t('site.removeText')}
          onConfirm={remove}
        />
      )}
    </>
  );
}

interface DeviceFieldsProps {
  readonly file: Fields;
  readonly value: Fields;
  readonly isNew: boolean;
  /** What is typed as passwords and not yet kept, by what they are below `connect`. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly onSecret: (key: string, secret: string) => void;
}

function DeviceFields({ file, value, isNew, secrets, onSecret }: DeviceFieldsProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const kind = isKind(value.kind) ? value.kind : 'camera';
  const driver = textOf(valueAt(value, ['connect', 'driver'])) as DriverName;
  const named = (list: unknown) =>
    entriesOf(list).map((one) => ({ value: textOf(one.id), text: nameIn(one, language) }));
  const changeKind = (changed: Fields, next: string): Fields => {
    if (!isKind(next)) return changed;
    const { name, zone, gateway } = changed;
    return { ...freshDevice(file, next), ...(name === undefined ? {} : { name }), zone, gateway };
  };
  return (
    <div className="site-columns">
      {isNew && (
        <EntryChoice
          at={['kind']}
          label={t('site.kind')}
          choices={kinds.map((one) => ({ value: one, text: t(`device.${one}`) }))}
          also={changeKind}
        />
      )}
      <EntryName label={t('site.name')} labelEn={t('site.nameEn')} />
      {isNew && <EntryText at={['id']} label={t('site.id')} hint={t('site.idHint')} required />}
      <EntryText
        at={['profile']}
        label={t('site.profile')}
        hint={t('site.profileHint')}
        offered={[genericProfile(kind)]}
        required
      />
      {kind !== 'camera' && (
        <EntryChoice
          at={['connect', 'driver']}
          label={t('site.driver')}
          choices={driversOf[kind].map((one) => ({ value: one, text: t(`site.driver.${one}`) }))}
          also={(changed, next) => ({ ...changed, connect: { driver: next } })}
        />
      )}
      {(connectFields[driver] ?? []).map((field) => {
        const key = String(field.at[0]);
        return (
          <ConnectInput
            key={`${driver} ${field.text}`}
            {...{ field, kind, file, typed: secrets[key] ?? '' }}
            onType={(secret) => onSecret(key, secret)}
          />
        );
      })}
      {driver === 'simulator' && <p className="muted">{t('site.simulatorHint')}</p>}
      <EntryChoice at={['zone']} label={t('site.zone')} choices={named(file.zones)} />
      <EntryChoice
        at={['gateway']}
        label={t('site.gateway')}
        hint={t('site.gatewayHint')}
        choices={named(file.gateways)}
      />
      {kind === 'camera' && (
        <>
          <EntryChoice
            at={['rotation']}
            label={t('site.rotation')}
            none={t('site.rotationNone')}
            choices={[0, 90, 180, 270].map((degrees) => ({ value: degrees, text: `${degrees}°` }))}
          />
          <EntryCheck at={['codes']} label={t('site.codes')} usual />
        </>
      )}
    </div>
  );
}

/** Where the device stands on the plan of its zone. */
function DevicePlace({ file, value, set }: ZoneOutlineProps) {
  const { t } = usePageTexts<typeof siteEn>();
  const zone = entriesOf(file.zones).find((one) => one.id === value.zone);
  const plan = entriesOf(file.plans).find((one) => one.id === zone?.plan);
  if (!zone || !plan) return null;
  const ground = groundOf(plan);
  const at = pointOf(valueAt(value, ['mount', 'at']));
  return (
    <section className="managed-part">
      <h4>{t('site.mount')}</h4>
      <Drawing
        ground={ground}
        aspect={ground.width / ground.height}
        shape="point"
        points={at ? [at] : []}
        onChange={([point]) => set(withValue(value, ['mount', 'at'], point ?? middleOf(zone)))}
        label={t('site.mount')}
        testId="mount"
        unit={t('site.metres')}
      >
        <PlanGround plan={plan} file={file} />
      </Drawing>
      <EntryMistakes at={['mount']} />
    </section>
  );
}

interface ConnectInputProps {
  readonly field: ConnectField;
  readonly kind: DeviceKind;
  readonly file: Fields;
  readonly typed: string;
  readonly onType: (value: string) => void;
}

function ConnectInput({ field, kind, file, typed, onType }: ConnectInputProps) {
  const { t } = usePageTexts<typeof siteEn>();
  const at: Path = ['connect', ...field.at];
  const label = t(`site.connect.${field.text}` as 'site.connect.user');
  const { required = false, placeholder = '' } = field;
  if (field.kind === 'secret') return <SecretField {...{ at, label, typed, onType, required, file }} />;
  if (field.kind === 'check') return <EntryCheck at={at} label={label} />;
  if (field.kind === 'choice')
    return (
      <EntryChoice
        {...{ at, label, none: '' }}
        choices={(field.choices ?? []).map((one) => ({ value: one, text: one }))}
      />
    );
  const isCamera = kind === 'camera' && field.text === 'camera';
  return (
    <EntryText
      {...{ at, label, required, placeholder, kind: field.kind }}
      {...(isCamera
        ? {
            hint: t('site.connect.cameraHint'),
            also: (value: Fields, text: string) =>
              withValue(value, ['connect', 'driver'], cameraDriver(text)),
          }
        : {})}
    />
  );
}

import { severities } from '@watchpost/contracts/alert';
import type { ChannelKind, Receiver, ReceiverRequest } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useCallback, useMemo, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { AddressFields, addressOf } from './address-fields.tsx';
import type { receiversEn } from './texts-en.ts';

export interface ReceiverFormProps {
  readonly ask: Ask;
  readonly site: string;
  /** The one that is changed; without it a new one. */
  readonly receiver?: Receiver;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

/** Channels that are set up here; a warning system needs an area, which is drawn nowhere yet. */
const offered: readonly ChannelKind[] = ['smtp', 'wecom', 'dingtalk', 'feishu', 'ntfy', 'webhook', 'mqtt'];

/** A receiver: its name, channel and address, whose it is, and what it is told at once. */
export function ReceiverForm({ ask, site, receiver, onDone, onCancel }: ReceiverFormProps) {
  const { t, language } = usePageTexts<typeof receiversEn>();
  const action = useAction();
  const [kind, setKind] = useState<ChannelKind>(receiver?.address.kind ?? 'smtp');
  // A press that is repeated after a lost answer makes one receiver.
  const id = useMemo(() => receiver?.id ?? newId(), [receiver]);
  const people = useLoaded(
    useCallback(() => call(ask, 'GET /duty/people', { query: { site } }), [ask, site]),
  );
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = (name: string) => String(fields.get(name) ?? '').trim();
    const limit = given('cap');
    const [from, to] = [given('quietFrom'), given('quietTo')];
    if ((from === '') !== (to === '')) return action.refuse(t('receivers.quietBoth'));
    const request = {
      ...{ id, name: given('name'), account: given('account') || null, language: given('language') },
      address: kind === receiver?.address.kind && kind === 'cap' ? receiver.address : addressOf(kind, given),
      severities: severities.filter((one) => fields.has(`severity-${one}`)),
      ...{ fallback: fields.has('fallback'), cap: limit === '' ? null : Number(limit) },
      quiet: from === '' ? null : { from, to },
    } as ReceiverRequest;
    await action.run(async () => {
      await call(ask, 'POST /receivers', { query: { site }, body: request });
      await onDone();
    });
  }
  const kinds = receiver?.address.kind === 'cap' ? (['cap'] as const) : offered;
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="receiver-form">
      <Field
        label={t('receivers.name')}
        hint={t('receivers.nameHint')}
        {...{
          name: 'name',
          required: true,
          maxLength: 80,
          defaultValue: receiver?.name,
          autoComplete: 'off',
        }}
        data-testid="receiver-name"
      />
      <label className="field">
        <span className="field-label">{t('receivers.channel')}</span>
        <select
          className="field-input"
          value={kind}
          onChange={({ target }) => setKind(target.value as ChannelKind)}
          data-testid="receiver-channel"
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`receivers.channel.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <AddressFields
        key={kind}
        kind={kind}
        address={receiver?.address.kind === kind ? receiver.address : undefined}
      />
      <label className="field">
        <span className="field-label">{t('receivers.person')}</span>
        <select
          className="field-input"
          name="account"
          key={people.value === null ? 'loading' : 'loaded'}
          defaultValue={receiver?.account ?? ''}
          data-testid="receiver-person"
        >
          <option value="">{t('receivers.nobody')}</option>
          {people.value?.people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </select>
        {people.problem !== '' && <small className="problem">{people.problem}</small>}
      </label>
      <label className="field">
        <span className="field-label">{t('receivers.language')}</span>
        <select
          className="field-input"
          name="language"
          defaultValue={receiver?.language ?? language}
          data-testid="receiver-language"
        >
          {(['en', 'zh-CN'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`receivers.language.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="receiver-severities">
        <legend className="field-label">{t('receivers.severities')}</legend>
        {severities.toReversed().map((one) => (
          <label key={one}>
            <input
              type="checkbox"
              name={`severity-${one}`}
              defaultChecked={receiver ? receiver.severities.includes(one) : false}
              data-testid={`receiver-severity-${one}`}
            />
            {t(`severity.${one}`)}
          </label>
        ))}
        <small className="muted">{t('receivers.severitiesHint')}</small>
      </fieldset>
      <Field
        label={t('receivers.cap')}
        hint={t('receivers.capHint')}
        {...{ name: 'cap', type: 'number', min: 1, max: 1_000 }}
        defaultValue={receiver ? (receiver.cap ?? '') : 20}
        data-testid="receiver-cap"
      />
      <Field
        label={t('receivers.quietFrom')}
        hint={t('receivers.quietHint')}
        {...{ name: 'quietFrom', type: 'time', defaultValue: receiver?.quiet?.from ?? '' }}
        data-testid="receiver-quiet-from"
      />
      <Field
        label={t('receivers.quietTo')}
        {...{ name: 'quietTo', type: 'time', defaultValue: receiver?.quiet?.to ?? '' }}
        data-testid="receiver-quiet-to"
      />
      <label>
        <input
          type="checkbox"
          name="fallback"
          defaultChecked={receiver?.fallback ?? false}
          data-testid="receiver-fallback"
        />
        {t('receivers.fallback')}
      </label>
      <div className="steps-row">
        <Submit action={action} label={t('receivers.save')} testId="receiver-save" />
        <button type="button" className="button" onClick={onCancel} data-testid="receiver-cancel">
          {t('manage.cancel')}
        </button>
      </div>
    </form>
  );
}

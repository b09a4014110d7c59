import type { ChannelAddress, ChannelKind } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { receiversEn } from './texts-en.ts';

type Text = keyof typeof receiversEn;

/** A part of an address: whether it is the name of a secret, and whether it may be left out. */
interface Part {
  readonly name: string;
  readonly label: Text;
  readonly secret?: boolean;
  readonly optional?: boolean;
  readonly type?: 'url' | 'email';
}

const robot: readonly Part[] = [
  { name: 'robot', label: 'receivers.robot', secret: true },
  { name: 'key', label: 'receivers.keyIfAsked', secret: true, optional: true },
];

const partsOf: Readonly<Record<ChannelKind, readonly Part[]>> = {
  webhook: [
    { name: 'url', label: 'receivers.url', type: 'url' },
    { name: 'key', label: 'receivers.key', secret: true },
  ],
  smtp: [{ name: 'to', label: 'receivers.to', type: 'email' }],
  ntfy: [
    { name: 'server', label: 'receivers.server', type: 'url' },
    { name: 'topic', label: 'receivers.topic' },
    { name: 'token', label: 'receivers.token', secret: true, optional: true },
  ],
  wecom: robot.slice(0, 1),
  dingtalk: robot,
  feishu: robot,
  mqtt: [{ name: 'receiver', label: 'receivers.mqttName' }],
  cap: [],
};

/** The address that was written, as the API takes it; what is wrong with it the server says. */
export function addressOf(kind: ChannelKind, given: (name: string) => string): object {
  const parts = partsOf[kind].map(({ name }) => [name, given(name)] as const);
  return { kind, ...Object.fromEntries(parts.filter(([, text]) => text !== '')) };
}

export interface AddressFieldsProps {
  readonly kind: ChannelKind;
  /** What stands there. An address that is itself a secret is written anew. */
  readonly address: ChannelAddress | undefined;
}

/** Where a channel reaches somebody. */
export function AddressFields({ kind, address }: AddressFieldsProps) {
  const { t } = usePageTexts<typeof receiversEn>();
  const known = new Map(Object.entries(address ?? {}));
  if (kind === 'cap') return <p className="muted">{t('receivers.capByApi')}</p>;
  return partsOf[kind].map(({ name, label, secret, optional, type }) => {
    const value: unknown = known.get(name);
    return (
      <Field
        key={name}
        label={t(label)}
        {...(secret ? { hint: t('receivers.secretHint') } : {})}
        {...{ name, required: !optional, maxLength: 2_000, autoComplete: 'off', type: type ?? 'text' }}
        defaultValue={typeof value === 'string' ? value : ''}
        data-testid={`receiver-${name}`}
      />
    );
  });
}

import type { Severity } from '@watchpost/contracts/alert';
import type {
  ChannelAddress,
  ChannelKind,
  NoticeKind,
  NoticeLanguage,
  QuietHours,
} from '@watchpost/contracts/api';
import type { ColumnType, Generated } from 'kysely';
import type { DeliveryCode } from '../../notify/channel.ts';
import type { Json, Later, Time } from './columns.ts';

/** Somebody who is told of alerts, by one way. */
interface ReceiverTable {
  site: string;
  id: string;
  name: string;
  /** Whose it is; null where it is nobody’s own. */
  account: string | null;
  channel: ChannelKind;
  /** Secrets stand in it by their names. */
  address: Json<ChannelAddress>;
  language: NoticeLanguage;
  /** Told what another one refused. */
  is_fallback: Generated<boolean>;
  /** Notices within the window of the policy; null without a limit. */
  cap: number | null;
  made_at: Time;
  /** When a test came through. */
  verified_at: Later;
  /** Since when it is told nothing. */
  off_at: Later;
  /** It is not tried before. */
  paused_until: Later;
  /** Why. */
  pause_code: string | null;
  failing_since: Later;
  /** Hash of the code that was sent to it, and how long and for how many tries that is good. */
  code_hash: string | null;
  code_until: Later;
  code_tries: number | null;
  /** When it is told of what is critical alone. */
  quiet: Json<QuietHours> | null;
  /** Code of what it refused the last notice for. */
  fault: DeliveryCode | null;
}

/** `lapsed`: nobody has to know any more. */
export type NoticeState = 'waiting' | 'sending' | 'sent' | 'refused' | 'lapsed';

/** One thing that one receiver is to be told, and what became of it. Decision 61. */
interface NoticeTable {
  site: string;
  /** The same in each try. */
  id: string;
  /** An alert, or `receiver` with its id. */
  subject: string;
  receiver: string;
  channel: ChannelKind;
  /** The version of the subject. */
  seq: number;
  /** Counts how often the receiver is told of that version. */
  round: Generated<number>;
  kind: NoticeKind;
  severity: Severity;
  /** The first critical one about its subject: no limit holds it back. */
  urgent: boolean;
  /** When what it says happened. */
  at: Time;
  made_at: Time;
  due_at: Time;
  attempts: Generated<number>;
  state: Generated<NoticeState>;
  /** Until then nobody else tries it. */
  lease_until: Later;
  /** Counts who took it; who took it before changes nothing any more. */
  fence: ColumnType<string | number, number | undefined, number>;
  /** Somebody takes care meanwhile: it is not tried once more. */
  last_try: Generated<boolean>;
  /** The limit of the receiver held it back until then. */
  capped_until: Later;
  /** The notice with which it is sent, when that is not itself. */
  bundle: string | null;
  sent_at: Later;
  /** Why it was not sent, the last time. */
  code: string | null;
  /** What the receiver calls it. */
  remote_id: string | null;
  /** When somebody took the incident by its link. */
  link_used_at: Later;
}

/** Who is told of alerts, and what was told. */
export interface NoticeTables {
  receiver: ReceiverTable;
  notice: NoticeTable;
}

import type { Alert } from '@watchpost/contracts/alert';
import type { NoticeKind, NoticeLanguage, OutgoingNotice } from '@watchpost/contracts/api';
import { type Instructions, instructionFor, type Site } from '@watchpost/contracts/site';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { zhTerms } from '@watchpost/contracts/texts/zh-terms';
import type { IncidentWithAlerts } from '../../store/incident-store.ts';

/** Of a site, what its notices say. */
export interface NoticeSite {
  readonly site: Site;
  readonly instructions: Instructions;
  /** Where the console is, without a slash at the end; undefined where nobody said so. */
  readonly console: string | undefined;
}

type Text = Readonly<Partial<Record<NoticeLanguage, string | undefined>>>;

const terms: Readonly<Record<NoticeLanguage, Readonly<Record<string, string>>>> = {
  en: enTerms,
  'zh-CN': zhTerms,
};

/** The parts of a text that are no names of contracts. */
const words = {
  en: {
    comma: ', ',
    place: (zone: string, device: string) => `Where: ${zone}, ${device}`,
    since: (time: string) => `Since: ${time}`,
    late: (minutes: number) => `Told ${minutes} min late.`,
    count: (events: number) => `Events: ${events}`,
    reminder: 'Told again: nobody has taken this yet.',
    yours: 'You took this and it is not settled. Say that you are at it, or it goes to others again.',
    person: 'A candidate, to be confirmed by a person.',
    over: (state: string, disposition: string) => `${state}${disposition === '' ? '' : `: ${disposition}`}`,
    todo: (text: string) => `To do: ${text}`,
    contact: (name: string, phone: string) => `Call ${name}: ${phone}`,
    capped: (time: string) => `Held back until ${time} by the limit or the quiet hours of this receiver.`,
    several: (count: number) => `${count} alerts`,
    alerts: (count: number) => ` (${count} alerts)`,
    flapping: (count: number) => `Comes and goes: ${count} changes.`,
    more: (count: number) => `… and ${count} more`,
    test: 'Test notice',
    testBody: 'This receiver is reached. Nothing has happened.',
    code: (code: string) =>
      `Code: ${code}. Tell it to whoever set up this receiver; it is good for ten minutes. Nothing has happened.`,
  },
  'zh-CN': {
    comma: '，',
    place: (zone: string, device: string) => `位置：${zone}，${device}`,
    since: (time: string) => `开始时间：${time}`,
    late: (minutes: number) => `晚到 ${minutes} 分钟。`,
    count: (events: number) => `事件数：${events}`,
    reminder: '再次通知：尚无人受理。',
    yours: '您已受理此事，但尚未办结。请更新进展，否则将再次通知其他人。',
    person: '仅为候选，须由人员确认。',
    over: (state: string, disposition: string) => `${state}${disposition === '' ? '' : `：${disposition}`}`,
    todo: (text: string) => `处置：${text}`,
    contact: (name: string, phone: string) => `联系 ${name}：${phone}`,
    capped: (time: string) => `因该接收方的数量上限或免打扰时段，延迟至 ${time} 发送。`,
    several: (count: number) => `${count} 条告警`,
    alerts: (count: number) => `（${count} 条告警）`,
    flapping: (count: number) => `反复跳变：${count} 次变化。`,
    more: (count: number) => `……另有 ${count} 条`,
    test: '测试通知',
    testBody: '该接收方可以收到通知。没有发生任何事件。',
    code: (code: string) => `验证码：${code}。请告知设置此接收方的人员，十分钟内有效。没有发生任何事件。`,
  },
} as const;

const inLanguage = (text: Text, language: NoticeLanguage): string =>
  text[language] ?? text.en ?? text['zh-CN'] ?? '';

/** The names of contracts under which the text of an alert may stand, the most exact first. */
function titleTerms({ eventType, details }: Alert): string[] {
  const of = (prefix: string, field: string) =>
    details[field] === undefined ? [] : [`${prefix}.${String(details[field])}`];
  const exact: Readonly<Record<string, string[]>> = {
    'watchpost.sensor.alarm.v1': of('alarm', 'kind'),
    'watchpost.face.candidate.v1': of('candidate', 'list'),
    'watchpost.pass.rejected.v1': of('pass', 'reason'),
    'watchpost.report.received.v1': of('report', 'category'),
    'watchpost.tamper.video_loss.v1': of('tamper', 'reason'),
    'watchpost.warning.received.v1': of('warning', 'severity'),
  };
  return [...(exact[eventType] ?? []), `event.${eventType}`];
}

function titleOf(alert: Alert, language: NoticeLanguage): string {
  const known = titleTerms(alert).find((name) => terms[language][name] !== undefined);
  const fault = alert.details.error === undefined ? '' : ` (${String(alert.details.error)})`;
  return `${known === undefined ? alert.eventType : terms[language][known]}${fault}`;
}

/** Clock time at the site: `10:32`, with the date when that is another day than today. */
export function siteTime(at: string | number | Date, timeZone: string, nowMs: number): string {
  const part = (time: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, ...options }).format(time);
  const time = new Date(at);
  const clock = part(time, { hour: '2-digit', minute: '2-digit' });
  const day = (one: Date) => part(one, { dateStyle: 'short' });
  return day(time) === day(new Date(nowMs)) ? clock : `${day(time)} ${clock}`;
}

function placeOf({ zone, device }: Alert, { site }: NoticeSite, language: NoticeLanguage): [string, string] {
  const zoneName = site.zones.find(({ id }) => id === zone)?.name;
  const deviceName = site.devices.find(({ id }) => id === device)?.name;
  return [
    zoneName ? inLanguage(zoneName, language) : zone,
    deviceName ? inLanguage(deviceName, language) : device,
  ];
}

/** What a notice is to say, beside its incident. */
export interface NoticeToCompose {
  readonly id: string;
  readonly seq: number;
  readonly kind: NoticeKind;
  readonly language: NoticeLanguage;
  readonly nowMs: number;
  /** The limit of the receiver held it back until then. */
  readonly cappedUntil: Date | null;
  /** Incidents that it stands for beside the first. */
  readonly others: readonly IncidentWithAlerts[];
  /** Lines for them at most. */
  readonly linesAtMost: number;
}

/** The alert that stands for its incident in a line. */
function leading({ alerts }: IncidentWithAlerts): Alert | undefined {
  return alerts[0];
}

/**
 * The text of a notice from the incident as it is now: what, where, since when, whether it still holds, what
 * to do, and who is to be called. Of several alerts it says how many, and what the others are.
 */
export function composeNotice(
  subject: IncidentWithAlerts,
  at: NoticeSite,
  notice: NoticeToCompose,
): OutgoingNotice {
  const { id, seq, kind, language, nowMs, cappedUntil, others, linesAtMost } = notice;
  const { incident, alerts } = subject;
  const [alert, ...further] = alerts;
  const say = words[language];
  const held = cappedUntil ? [say.capped(siteTime(cappedUntil, at.site.timeZone, nowMs))] : [];
  const common = {
    ...{ id, site: incident.site, subject: incident.id, seq, kind, severity: incident.severity },
    ...{ at: incident.updatedAt, language, ...(alert ? linkTo(alert, at) : {}) },
  };
  const line = (one: Alert) => lineOf(one, at, notice);
  const name = inLanguage(at.site.name, language);
  if (!alert) return cut({ ...common, title: name, body: held });
  if (others.length > 0) {
    const lines = [subject, ...others].flatMap((one) => {
      const first = leading(one);
      return first ? [`${line(first)}${countOf(one, language)}`] : [];
    });
    const more = lines.length > linesAtMost ? [say.more(lines.length - linesAtMost)] : [];
    const title = [say.several(lines.length), name].join(say.comma);
    return cut({ ...common, title, body: [...held, ...lines.slice(0, linesAtMost), ...more] });
  }
  const listed = further.slice(0, linesAtMost).map(line);
  const unlisted = incident.alerts - 1 - listed.length;
  const more = listed.length > 0 && unlisted > 0 ? [say.more(unlisted)] : [];
  const [zone] = placeOf(alert, at, language);
  return cut({
    ...common,
    title: `${[titleOf(alert, language), zone].join(say.comma)}${countOf(subject, language)}`,
    body: [...bodyOf(alert, at, notice), ...listed, ...more, ...held],
  });
}

const countOf = ({ incident }: IncidentWithAlerts, language: NoticeLanguage): string =>
  incident.alerts > 1 ? words[language].alerts(incident.alerts) : '';

/** An alert in one line: since when, how grave, what and where. */
function lineOf(alert: Alert, at: NoticeSite, { language, nowMs }: NoticeToCompose): string {
  const [where] = placeOf(alert, at, language);
  const what = [titleOf(alert, language), where].join(words[language].comma);
  const time = siteTime(alert.openedAt, at.site.timeZone, nowMs);
  return `${time} ${terms[language][`severity.${alert.severity}`]} ${what}`;
}

function bodyOf(alert: Alert, at: NoticeSite, { kind, language, nowMs }: NoticeToCompose): string[] {
  const say = words[language];
  const known = terms[language];
  const isOver = kind === 'cleared';
  const [zone, device] = placeOf(alert, at, language);
  return [
    ...(kind === 'reminder' ? [alert.state === 'open' ? say.reminder : say.yours] : []),
    ...warningLines(alert),
    say.place(zone, device),
    say.since(siteTime(alert.openedAt, at.site.timeZone, nowMs)),
    ...(alert.lateMs === undefined ? [] : [say.late(Math.round(alert.lateMs / 60_000))]),
    isOver
      ? say.over(
          known[`state.${alert.state}`] ?? '',
          alert.disposition ? (known[`disposition.${alert.disposition}`] ?? '') : '',
        )
      : (known[`condition.${alert.condition}`] ?? ''),
    ...(typeof alert.details.flapping === 'number' ? [say.flapping(alert.details.flapping)] : []),
    ...(alert.eventCount > 1 ? [say.count(alert.eventCount)] : []),
    ...(alert.eventType === 'watchpost.face.candidate.v1' && !isOver ? [say.person] : []),
    ...(isOver ? [] : todoOf(alert, at, language)),
  ];
}

/** What a public warning says, who says it, and where. */
function warningLines({ eventType, details }: Alert): string[] {
  if (eventType !== 'watchpost.warning.received.v1') return [];
  return [details.text, details.area, details.sender].flatMap((part) => (part ? [String(part)] : []));
}

/** The text of the test button, or of a code that is sent to a contact. */
export function composeTest(
  at: NoticeSite,
  { id, language, nowMs }: Pick<NoticeToCompose, 'id' | 'language' | 'nowMs'>,
  receiver: string,
  code?: string,
): OutgoingNotice {
  const say = words[language];
  return {
    ...{
      id,
      site: at.site.id,
      subject: `receiver ${receiver}`,
      seq: 0,
      kind: 'test',
      severity: 'low',
      language,
    },
    at: new Date(nowMs).toISOString(),
    title: [say.test, inLanguage(at.site.name, language)].join(say.comma),
    body: code === undefined ? say.testBody : say.code(code),
  };
}

function todoOf(alert: Alert, { instructions }: NoticeSite, language: NoticeLanguage): string[] {
  const say = words[language];
  const instruction = instructionFor(instructions, alert);
  const ours = terms[language][`instruction.${alert.eventType}`];
  const text = instruction ? inLanguage(instruction.text, language) : ours;
  return [
    ...(text === undefined ? [] : [say.todo(text)]),
    ...(instruction?.contacts ?? []).map(({ name, phone }) => say.contact(name, phone)),
  ];
}

function linkTo({ id, site }: Alert, { console }: NoticeSite): { link?: string } {
  return console === undefined ? {} : { link: `${console}/sites/${site}/alerts/${id}` };
}

/** Within what a notice may hold. */
function cut({
  title,
  body,
  ...rest
}: Omit<OutgoingNotice, 'body'> & { readonly body: readonly string[] }): OutgoingNotice {
  return { ...rest, title: title.slice(0, 300), body: body.join('\n').slice(0, 8_000) };
}

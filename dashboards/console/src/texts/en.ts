import { enErrors } from './en-errors.ts';
import { enTerms } from './en-terms.ts';

/** English. Keys ending in `_one` and `_other` are plural forms chosen by i18next from `count`. */
export const en = {
  'app.name': 'Watchpost',
  'app.console': 'Duty console',
  'app.skip': 'Skip to the alerts',
  'app.loading': 'Loading…',

  'login.title': 'Log in',
  'login.lead': 'The alerts of your site, as they happen.',
  'login.user': 'User name',
  'login.password': 'Password',
  'login.submit': 'Log in',
  'login.busy': 'Checking…',
  'login.ended': 'Your session has ended. Please log in again.',
  'login.privacy': 'What you do here is logged with your name.',

  'session.logOut': 'Log out',
  'session.as': 'Logged in as {{user}}, {{role}}',
  'session.flows': 'Automation',
  'sound.on': 'Sound is on: critical alerts chime',
  'sound.off': 'Sound is off',
  'language.label': 'Language',

  'connection.connecting': 'Connecting…',
  'connection.live': 'Live',
  'connection.lost': 'Connection lost',
  'connection.lostSince': 'No live connection. You see the state of {{time}}; trying again by itself.',
  'connection.noData': 'No live connection, and nothing could be loaded yet.',
  'connection.problem': 'The last update failed: {{text}}',
  'connection.retry': 'Try now',

  'tabs.label': 'Views',
  'tabs.alerts': 'Alerts',
  'tabs.plan': 'Plan',
  'tabs.devices': 'Devices',

  'summary.label': 'Alerts nobody has taken yet, by severity',
  'summary.count': '{{severity}}: {{count}} open',

  'list.title': 'Alerts',
  'list.waiting': 'Waiting for you',
  'list.in_work': 'Being handled',
  'list.done': 'Done',
  'list.quietTitle': 'All quiet',
  'list.quietText': 'No alert is waiting. New ones appear here by themselves.',
  'list.more': 'Show {{count}} more',
  'list.loading': 'Loading alerts…',

  'row.count_one': '{{count}} event',
  'row.count_other': '{{count}} events',
  'row.by': 'by {{user}}',
  'row.risk': 'Event risk {{score}} of 100',

  'announce.new': 'New alert, {{severity}}: {{what}}, {{where}}.',
  'announce.more_one': 'And {{count}} more.',
  'announce.more_other': 'And {{count}} more.',

  'detail.label': 'Selected alert',
  'detail.none': 'Choose an alert to see what happened and why.',
  'detail.gone': 'This alert is no longer in the list.',
  'detail.back': 'Back to the list',
  'detail.opened': 'Opened',
  'detail.last': 'Last event',
  'detail.events': 'Events',
  'detail.line': 'Line: {{line}}',
  'detail.lasted': 'Lasted {{duration}}',
  'detail.capped_one':
    '{{count}} more alert of this device was not opened: it has as many as one device may have.',
  'detail.capped_other':
    '{{count}} more alerts of this device were not opened: it has as many as one device may have.',
  'detail.instruction': 'What to do: {{instruction}}',
  'detail.disposition': 'Turned out to be',
  'detail.value': 'Measured',
  'detail.limit': 'Limit',
  'detail.expected': 'Expected',
  'detail.dwell': 'Stayed for',

  'score.title': 'Why it ranks here',
  'score.subject': 'Risk of the event at this place and time',
  'score.of': 'of 100',
  'score.sum': 'Sum',
  'score.rules': 'Rule set {{version}}',

  'face.title': 'A candidate, not an identification',
  'face.text':
    'The camera saw a face that resembles an entry of the {{list}}. Only a person can confirm it; until then nothing is dispatched.',
  'face.similarity': 'Similarity (cosine)',
  'face.threshold': 'Threshold {{value}}',
  'face.fmr': 'False matches at this threshold',
  'face.fmrValue': '1 in {{count}} other people',
  'face.confidence': 'Not by chance',
  'face.confidenceValue':
    'In {{percent}} of passings by a stranger, nobody on the list would look this much alike by chance',
  'face.moreThan': 'more than {{percent}}',
  'face.liveness': 'Liveness (a hint only)',
  'face.livenessValue': '{{value}} of 1; a picture can score high too',
  'face.entry': 'List entry',

  'history.title': 'History',
  'history.opened': 'Alert opened',
  'history.reopened': 'Opened again',
  'history.system': 'Watchpost',
  'history.loading': 'Loading history…',

  'action.label': 'Next step',
  'action.acknowledge': 'Acknowledge',
  'action.start': 'Start work',
  'action.resolve': 'Resolve…',
  'action.close': 'Close',
  'action.readOnly': 'Your role may look but not decide.',
  'action.finished': 'This alert is closed. Nothing is left to do.',

  'resolve.title': 'Resolve the alert',
  'resolve.question': 'What did it turn out to be?',
  'resolve.required': 'An answer is required for {{severity}} alerts.',
  'resolve.optional': 'An answer is optional for this alert.',
  'resolve.reason': 'Note (optional)',
  'resolve.reasonHelp': 'What you found and did, without anybody’s personal data.',
  'resolve.submit': 'Resolve',
  'resolve.cancel': 'Cancel',

  'plan.title': 'Site plan',
  'plan.label': 'Plan of {{site}} with zones, devices and expected events',
  'plan.legend': 'Expected events per day',
  'plan.none': 'none',
  'plan.cell': '{{value}} events expected per day here',
  'plan.alertHere': 'open alert: {{severity}}',
  'plan.metres': '{{metres}} m',
  'plan.note': 'From sensor events and reports only, never from list matches.',
  'plan.loading': 'Loading plan…',

  'devices.title': 'Devices',
  'devices.summary': '{{ok}} of {{all}} working',
  'devices.gateway': 'Gateway {{id}}',
  'devices.since': 'since {{time}}',
  'devices.version': 'version {{version}}',
  'devices.outbox_one': '{{count}} event not yet delivered',
  'devices.outbox_other': '{{count}} events not yet delivered',
  'devices.clock': 'clock off by {{seconds}} s',
  'devices.readings': '{{count}} readings',
  'devices.unreadable': '{{count}} unreadable',
  'devices.unknownCodes': 'Read, but no pass of this site: {{kinds}}',
  'codes.web_address': 'web address × {{count}}',
  'codes.plate': 'plate of another house or badly signed × {{count}}',
  'codes.gs1': 'GS1 product code × {{count}}',
  'codes.ean': 'article number × {{count}}',
  'codes.text': 'plain text × {{count}}',
  'codes.part': 'one part of several codes × {{count}}',
  'list.separator': ', ',
  'devices.faces': 'about {{people}} people a day; {{candidates}} false candidates a day expected',
  'devices.none': 'No gateway has reported yet.',

  'rejects.title': 'Refused messages',
  'rejects.none': 'None so far.',
  'rejects.newest': 'Newest',
  'rejects.from': 'from {{gateway}}',
  'rejects.at': 'at {{path}}',

  'because.list': '{{name}}: {{value}}',
  'because.yes': 'yes',
  'because.no': 'no',
  'because.zone': '{{zone}} has importance {{percent}}',
  'because.armed': 'The zone is armed at this hour',
  'because.notArmed': 'The zone is not armed at this hour',
  'because.alone': 'No other device nearby reported anything',
  'because.others_one': '{{count}} other device nearby reported something',
  'because.others_other': '{{count}} other devices nearby reported something',
  'because.ageNow': 'Reported as it happened',
  'because.age_one': 'Reported {{count}} minute after it happened',
  'because.age_other': 'Reported {{count}} minutes after it happened',
  'because.trustNew': 'None of its alerts has been judged yet; taken as {{percent}} reliable',
  'because.trust_one': '{{genuine}} of {{count}} judged alert was genuine; taken as {{percent}} reliable',
  'because.trust_other': '{{genuine}} of {{count}} judged alerts were genuine; taken as {{percent}} reliable',
  'because.match':
    'In {{percent}} of passings by a stranger, nobody on the list would look this much alike by chance',

  ...enTerms,
  ...enErrors,
} as const;

/** A key of the catalogues; plural keys are named without their form. */
export type TextKey = keyof typeof en extends infer K
  ? K extends `${infer Base}_one` | `${infer Base}_other`
    ? Base
    : K
  : never;

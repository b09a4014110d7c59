import { factorEn } from '../../ui/factors/factor-texts-en.ts';

/** What the page of one's own account says, in English. */
export const accountEn = {
  ...factorEn,
  'account.who': 'You are logged in as {{name}} (user name: {{user}}).',
  'account.whoSame': 'You are logged in as {{user}}.',
  'account.rights': 'What you may do',
  'account.site': 'Site',
  'account.role': 'Role',
  'account.zones_one': 'only {{count}} zone: {{names}}',
  'account.zones_other': 'only {{count}} zones: {{names}}',
  'account.language': 'Language',
  'account.languageHelp': 'The console comes up in this language wherever you log in.',
  'account.languageNone': 'Same as the browser',
  'account.saved': 'Saved.',

  'account.password': 'Password',
  'account.passwordOld': 'Current password',
  'account.passwordNew': 'New password',
  'account.passwordAgain': 'New password again',
  'account.passwordHint': 'At least {{count}} characters; several words are easy to remember.',
  'account.passwordDiffer': 'The two new passwords differ.',
  'account.passwordChange': 'Change the password',
  'account.passwordChanged': 'The password is changed. Your other sessions have ended.',
  'account.passwordNone': 'You log in without a password here.',

  'account.sessions': 'Where you are logged in',
  'account.sessionBrowser': 'Browser',
  'account.sessionFrom': 'From',
  'account.sessionSince': 'Since',
  'account.sessionUsed': 'Last used',
  'account.sessionHere': 'This browser, now',
  'account.sessionUnknown': 'unknown',
  'account.sessionOn': '{{name}} on {{system}}',
  'account.sessionEnd': 'End',
  'account.sessionEndLabel': 'End the session {{browser}} from {{from}}',
  'account.sessionEndOthers': 'End all others',
  'account.sessionEndOthersText':
    'Every session of yours ends but this one. What is open there leads to the log-in.',

  'account.needTitle': 'A second factor is needed',
  'account.needText': 'Your role demands a second factor. Set one up here: nothing else opens before.',
  'account.needDone': 'Go on to the console',
} as const;

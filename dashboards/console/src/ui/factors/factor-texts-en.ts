/** What the setting up of second factors says, on whichever page, in English. */
export const factorEn = {
  'account.byProvider': 'You log in through your identity provider. It keeps this; change it there.',
  'account.factors': 'Second factor',
  'account.factorsWhy':
    'Besides the password, something that only you have: who learns your password does not get in.',
  'account.factorsRequired': 'Your role demands one.',
  'account.factorsNone': 'None is set up.',
  'account.factorTotp': 'Authenticator app',
  'account.factorPasskey': 'Passkey',
  'account.factorSince': 'since {{time}}',
  'account.factorRemove': 'Remove',
  'account.factorRemoveTitle': 'Remove “{{label}}”?',
  'account.factorRemoveText': 'It is not asked for any more when you log in, and opens nothing any more.',
  'account.proof': 'Your password',
  'account.totpBegin': 'Set up an authenticator app',
  'account.totpReplace': 'Use another phone',
  'account.totpReplaceText':
    'Once a code of the new phone is confirmed, the app of before and the recovery codes of before open nothing any more.',
  'account.totpScan':
    'Scan this picture with an authenticator app on your phone, or type the key into the app. Then enter the six digits that it shows.',
  'account.totpPicture': 'QR code for the authenticator app',
  'account.totpKey': 'Key',
  'account.totpCode': 'Six digits',
  'account.totpConfirm': 'Confirm',
  'account.totpCancel': 'Not now',
  'account.passkeyBegin': 'Set up a passkey',
  'account.passkeyText':
    'A passkey is in this device, in a phone or in a security key. It is a second factor, and where the device knows you (PIN, finger, face) it logs you in without the password.',
  'account.passkeyLabel': 'What you call it, e.g. “my phone”',
  'account.passkeyHindrance.insecure':
    'Passkeys need a secure page: open the console over HTTPS to set one up.',
  'account.passkeyHindrance.browser': 'This browser knows no passkeys.',
  'account.passkeyHindrance.address':
    'Passkeys need a name: open the console over HTTPS by its name, not by an IP address, to set one up.',
  'account.passkeyHindrance.elsewhere': 'Passkeys are for {{origin}}: open the console there to set one up.',
  'account.codes': 'Recovery codes',
  'account.codesLeft_one':
    '{{count}} code is left. Each opens once, when you have no other second factor at hand.',
  'account.codesLeft_other':
    '{{count}} codes are left. Each opens once, when you have no other second factor at hand.',
  'account.codesHow':
    'Keep them apart from the phone: on paper in a safe place, or in a password manager. If the phone is lost, each lets you in once.',
  'account.codesRenew': 'Make new recovery codes',
  'account.codesRenewText': 'The codes that you have now open nothing any more.',
} as const;

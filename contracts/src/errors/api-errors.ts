import { type ErrorEntry, entry } from './error-entry.ts';

/** Of requests over HTTP, and of what stands behind them. */
export const apiErrors = {
  'api.unauthenticated': entry(401, 'Log in first.', 'Log in.'),
  'api.bad_credentials': entry(401, 'The name or the password is wrong.', 'Check both and try again.'),
  'api.forbidden': entry(403, 'Your role does not allow this.', 'Ask an administrator.'),
  'api.not_found': entry(404, 'There is no such thing.', 'Check the address.'),
  'api.invalid': entry(
    400,
    'A field of the request does not match its schema.',
    'Correct the field at the named path.',
  ),
  'api.header_unsupported': entry(
    400,
    'The route knows no version or id that this header could stand for.',
    'Leave the header away.',
  ),
  'api.site_needed': entry(
    400,
    'You may see several sites, and this is about one of them.',
    'Name the site in the address: `?site=` and its id; `/api/v1/sites` lists them.',
  ),
  'api.cross_site': entry(403, 'The request came from another web site.', 'Use the console itself.'),
  'api.insecure_transport': entry(
    403,
    'Credentials came over plain HTTP from another computer.',
    'Use the HTTPS address; only a network that nobody can listen to may be configured as insecure.',
  ),
  'api.unknown_host': entry(
    421,
    'The request names a host that is not the address of this service.',
    'Use the address of the console, or set WATCHPOST_PUBLIC_URL to the one that people use.',
  ),
  'api.method_not_allowed': entry(
    405,
    'The address does not know this method.',
    'Use one of the methods that the header `allow` names.',
  ),
  'api.malformed': entry(
    400,
    'The request is not well-formed HTTP.',
    'Correct the request: its line, its headers or the encoding of its address.',
  ),
  'api.timeout': entry(
    408,
    'The request did not arrive whole in time.',
    'Send it again over a faster connection.',
  ),
  'api.headers_too_large': entry(
    431,
    'The headers of the request are larger than the limit.',
    'Send fewer or shorter headers; delete old cookies of this host.',
  ),
  'api.not_json': entry(400, 'The body is not valid JSON.', 'Send one JSON document, encoded in UTF-8.'),
  'api.content_type': entry(
    415,
    'The body is not of the type that the address takes.',
    'Send `content-type: application/json`.',
  ),
  'api.text_unstorable': entry(
    400,
    'A text holds U+0000 or half of a surrogate pair, which cannot be stored.',
    'Remove the character at the named path.',
  ),
  'api.login_slowed': entry(
    429,
    'Too many wrong passwords for this account or from this network.',
    'Wait for the seconds that the header `retry-after` names; a browser that logged in before is not slowed.',
  ),
  'api.login_busy': entry(503, 'More log-ins wait than can be checked.', 'Try again in a few seconds.'),
  'api.handover_refused': entry(
    403,
    'The code that opens Node-RED is unknown, used already, or older than a minute.',
    'Open Node-RED again from the console.',
  ),
  'login.under_attack': entry(
    429,
    'Passwords are being guessed; wrong log-ins are slowed down.',
    'Look for the addresses in the log; warn the people whose accounts are named.',
  ),
  'account.link_invalid': entry(
    410,
    'The link was used already, has ended or never was one.',
    'Ask an administrator for a new one; who runs the server makes one with `watchpost user link`.',
  ),
  'account.password_short': entry(
    422,
    'The password is too short.',
    'Choose a longer one; several words are easy to remember.',
  ),
  'account.password_is_name': entry(
    422,
    'The password is the name.',
    'Choose something that others do not know.',
  ),
  'account.exists': entry(409, 'There is an account of this name.', 'Choose another name.'),
  'account.unknown': entry(404, 'There is no account of this name.', 'See `watchpost user list`.'),
  'account.last_administrator': entry(
    409,
    'This is the last administrator.',
    'Make another administrator first; one who has not set a password yet does not count.',
  ),
  'account.has_administrator': entry(
    409,
    'The server has an administrator already.',
    'Ask them, or make a link for an account with `watchpost user reset`.',
  ),
  'account.self': entry(
    403,
    'Nobody changes the rights of their own account, resets, disables or deletes it.',
    'Ask another administrator; your own password and second factor are under “Own account”.',
  ),
  'account.beyond_own': entry(
    403,
    'Rights on every site are given and taken only by who has them on every site.',
    'Name the sites one by one, or ask an administrator of every site.',
  ),
  'account.scope_unknown': entry(
    422,
    'A scope names a site or a zone that is not there.',
    'Choose among the sites and zones of the server.',
  ),
  'account.service': entry(
    422,
    'A service account has neither password nor links.',
    'Make a token for it instead.',
  ),
  'account.no_service': entry(
    422,
    'API tokens are for programs, and this account is a person’s.',
    'Make a service account and a token of it.',
  ),
  'account.disabled': entry(409, 'The account is disabled.', 'Enable it first.'),
  'account.wrong_password': entry(403, 'The password is wrong.', 'Type your present password.'),
  'account.no_password': entry(
    409,
    'The account has no password here.',
    'Log in through the identity provider; password and second factor are changed there.',
  ),
  'account.factor_wrong': entry(
    401,
    'The code is wrong, has ended, or was used already.',
    'Wait for the next code and try again; check the clock of the authenticator.',
  ),
  'account.factor_step_ended': entry(
    401,
    'The log-in took too long or failed too often.',
    'Begin with name and password again.',
  ),
  'account.factor_setup_ended': entry(
    410,
    'No set-up waits for a code: it ended or was replaced.',
    'Begin the set-up again.',
  ),
  'account.factor_required': entry(
    409,
    'A role of the account demands a second factor, and this is the last one.',
    'Set another one up first.',
  ),
  'account.factor_needed': entry(
    403,
    'A role of the account demands a second factor, and none is set up.',
    'Set one up under “Own account”; nothing else is open until then.',
  ),
  'account.passkey_refused': entry(
    401,
    'The passkey does not fit: it is of another account or address, took too long, or was used already.',
    'Begin again; choose a passkey of this account, or log in with the password.',
  ),
  'account.passkey_copied': entry(
    401,
    'The passkey counts backwards: somebody may have a copy of it.',
    'Log in by another way, remove it under “Own account”, and set a new one up.',
  ),
  'account.passkey_unavailable': entry(
    409,
    'Passkeys need a name and HTTPS (or `localhost`): none can be used at this address.',
    'Open the console over HTTPS by one of the `names` of the server file, or by its `publicUrl`.',
  ),
  'account.passkey_limit': entry(
    409,
    'The account has as many passkeys as one may have.',
    'Remove one that is not used any more.',
  ),
  'account.token_unusable': entry(
    401,
    'The API token is unknown, has ended or was revoked.',
    'Ask who manages accounts for a new one.',
  ),
  'account.token_beyond': entry(
    422,
    'The token would open more than its account or you may, or be good for too long.',
    'Choose among the rights and sites of the account, and an earlier end.',
  ),
  'account.token_limit': entry(
    409,
    'The account has as many tokens as one may have.',
    'Revoke those that are not used any more.',
  ),
  'api.no_tokens': entry(
    403,
    'An API token does not open this.',
    'Log in to the console: it takes a person.',
  ),
  'account.oidc_unreachable': entry(
    503,
    'The identity provider does not answer.',
    'Log in with a local account, or try again later.',
  ),
  'account.oidc_refused': entry(
    401,
    'The identity provider refused, or its answer does not hold.',
    'Begin the log-in again; if it stays so, compare `logIn.oidc` of the server file with the provider.',
  ),
  'account.oidc_step': entry(
    400,
    'The log-in took too long, was used already or was begun in another browser.',
    'Begin the log-in again.',
  ),
  'account.oidc_no_role': entry(
    403,
    'The identity provider gives no role here.',
    'Ask an administrator for a group that `logIn.oidc.roles` of the server file names.',
  ),
  'account.oidc_claim': entry(
    403,
    'The identity provider does not say a name that can be used.',
    'Set `logIn.oidc.nameClaim` of the server file to a claim that the provider sends.',
  ),
  'account.oidc_name_taken': entry(
    409,
    'A local account has the name that the identity provider says.',
    'Delete or rename the local account, or choose another `logIn.oidc.nameClaim`.',
  ),
  'api.too_many_requests': entry(429, 'Too many requests.', 'Wait and try again.'),
  'api.internal': entry(500, 'The service failed.', 'Report the time and the request id.'),
  'alert.transition': entry(
    409,
    'The alert cannot go from its present state to the one asked for.',
    'Load the alert again.',
  ),
  'alert.disposition_required': entry(
    422,
    'An alert of this severity needs a disposition to be resolved.',
    'Choose what the alert turned out to be.',
  ),
  'alert.stale': entry(
    409,
    'The alert changed after the version that the step saw.',
    'Look at the alert as it is now, then decide.',
  ),
  'incident.stale': entry(
    409,
    'The incident rose in severity, opened again or ended after the version that the step saw.',
    'Look at the incident as it is now, then decide.',
  ),
  'incident.merged': entry(
    409,
    'The alerts of the incident are those of another one now.',
    'Work on that one; `details` names it.',
  ),
  'incident.not_its_alerts': entry(
    409,
    'Some of the alerts are not in this incident, or all of them are.',
    'Load the incident again, and leave one alert in it at least.',
  ),
  'alert.superseded': entry(
    409,
    'The alert cannot be opened again: another alert about the same thing is open.',
    'Work on the open one; `details` names it.',
  ),
} as const satisfies Record<string, ErrorEntry>;

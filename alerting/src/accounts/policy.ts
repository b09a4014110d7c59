import type { Role } from '@watchpost/contracts/api';
import {
  accountsSectionSchema,
  logInSectionSchema,
  type ServerFile,
  sessionsSectionSchema,
} from '@watchpost/contracts/site';

const sessions = sessionsSectionSchema.parse({});

/**
 * Sessions. Here stands every number of accounts: log-in, sessions, passwords, tokens. Durations in
 * milliseconds. Services take these as options, so that tests may shorten them.
 */
export const sessionPolicy = {
  /** A session ends this long after log-in, whatever is done in it. */
  absoluteMs: sessions.endsAfter,
  /**
   * … or this long after its last request; an open event stream counts as use, so a watching console stays
   * logged in.
   */
  idleMs: sessions.idle,
  /** How often open streams and sockets are checked against the sessions in the database. */
  watchMs: 1_000,
  /** The last use is written at most this often. */
  touchMs: 60_000,
} as const;

/** So many tries at once, and one more each `refillMs`. A try that succeeds is given back. */
export interface RateLimit {
  readonly burst: number;
  readonly refillMs: number;
}

/** How often, and by how many at once, passwords may be tried. Durations in milliseconds. */
export interface LoginPolicy {
  /** One account from one address group, by browsers that did not succeed before. */
  readonly perAccountAndGroup: RateLimit;
  /** One account from everywhere, by browsers that did not succeed before. */
  readonly perAccount: RateLimit;
  /** One account, first tries of address groups that did not fail on it yet, once `perAccount` is used up. */
  readonly perAccountFirstTries: RateLimit;
  /** One address group on all accounts. */
  readonly perGroup: RateLimit;
  /** One browser that succeeded on this account before. */
  readonly perDevice: RateLimit;
  /** A browser is remembered so long. */
  readonly deviceMs: number;
  /** Password derivations at once; each takes 19 MiB and a core. */
  readonly derivationsAtOnce: number;
  /** Tries that wait for their derivation; beyond it those from where most failed are turned away. */
  readonly waitingAtMost: number;
  /** Tries of one account and group that wait for the outcome of others before them. */
  readonly heldBackAtMost: number;
  /**
   * Accounts, address groups, their pairs and browsers that are remembered, each; those used longest ago are
   * forgotten first.
   */
  readonly keysAtMost: number;
  /** An attack counts as going on this long after its last try. */
  readonly attackMs: number;
  /**
   * Lines about refused log-ins from one address group: at most one in this time, with the number of those
   * left out.
   */
  readonly loggedEveryMs: number;
  /** Address groups of which that number is remembered. */
  readonly loggedGroupsAtMost: number;
}

type Tries = Pick<
  LoginPolicy,
  'perAccountAndGroup' | 'perAccount' | 'perAccountFirstTries' | 'perGroup' | 'perDevice'
>;

function triesOf(section: ServerFile['policy']['logIn']): Tries {
  const rate = ({ burst, refill }: { readonly burst: number; readonly refill: number }): RateLimit => ({
    burst,
    refillMs: refill,
  });
  return {
    perAccountAndGroup: rate(section.perAccountAndGroup),
    perAccount: rate(section.perAccount),
    perAccountFirstTries: rate(section.perAccountFirstTries),
    perGroup: rate(section.perGroup),
    perDevice: rate(section.perDevice),
  };
}

/** The policy of a server file, as accounts use it. */
export function accountPolicyOf({ sessions: { endsAfter, idle }, logIn, accounts }: ServerFile['policy']) {
  return {
    sessions: { absoluteMs: endsAfter, idleMs: idle },
    login: triesOf(logIn),
    factorRequired: factorRequiredFor(accounts.secondFactor.requiredFor),
    tokenLife: tokenLifeOf(accounts.apiTokens),
  };
}

/** How long API tokens are good, milliseconds. */
export interface TokenLife {
  readonly longestMs: number;
  /** So long before the end somebody is told. */
  readonly noticeMs: number;
}

const tokenLifeOf = ({
  longest,
  noticeBefore,
}: ServerFile['policy']['accounts']['apiTokens']): TokenLife => ({
  longestMs: longest,
  noticeMs: noticeBefore,
});

/** API tokens of programs; how long they are good says {@link TokenLife}. */
export const apiTokenPolicy = {
  perAccount: 20,
  /** Requests of one token. */
  requests: { burst: 300, refillMs: 100 },
  /** Tokens of one address group that were none. */
  refused: { burst: 60, refillMs: 1_000 },
  /** Entries about new addresses of one token, in the audit log. */
  newAddresses: { burst: 20, refillMs: 3_600_000 },
  addressGroupsAtMost: 20,
  /** Tokens and address groups of which that is remembered. */
  keysAtMost: 10_000,
  /** The last use is written at most this often. */
  touchMs: 60_000,
  /** How often open streams are checked against the tokens in the database. */
  watchMs: 1_000,
  /** Shown so long after its end, and then forgotten. */
  endedKeptMs: 30 * 86_400_000,
  /** Lines in the log about tokens that end soon. */
  toldEveryMs: 86_400_000,
  /** Tokens that one list tells of. */
  listedAtMost: 500,
} as const;

/** Where no server file says otherwise. */
export const defaultTokenLife = tokenLifeOf(accountsSectionSchema.parse({}).apiTokens);

/** Tells whether somebody with these roles, by site, needs a second factor. */
export const factorRequiredFor =
  (required: readonly Role[]) =>
  (roles: Readonly<Record<string, Role>>): boolean =>
    Object.values(roles).some((role) => required.includes(role));

/**
 * After OWASP “Slow down online guessing attacks with device cookies”. From unlimited addresses an account
 * can be tried 80 times, then twice a minute; nobody is locked out by it who used the browser before.
 */
export const loginPolicy: LoginPolicy = {
  ...triesOf(logInSectionSchema.parse({})),
  deviceMs: 90 * 86_400_000,
  derivationsAtOnce: 2,
  waitingAtMost: 200,
  heldBackAtMost: 20,
  keysAtMost: 50_000,
  attackMs: 5 * 60_000,
  loggedEveryMs: 10_000,
  loggedGroupsAtMost: 1_000,
};

/**
 * Derivation of passwords: OWASP Password Storage Cheat Sheet, Argon2id, 19 MiB (in KiB), 2 passes, 1 lane.
 * Passwords that were set with other numbers are not recognised.
 */
export const passwordPolicy = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

/** What a new password must be; longer than {@link passwordRules.mostCharacters} is refused by the schema. */
export const passwordRules = { leastCharacters: 12, mostCharacters: 256 } as const;

/** One-time links by which people set their password. */
export const accountLinkPolicy = {
  /** A link ends so long after it was made. */
  lifeMs: 24 * 3_600_000,
  /** Open links for the first administrator, which each start makes anew; the oldest are given up. */
  firstAtMost: 5,
  /** Requests a minute of one address. */
  perMinute: 20,
} as const;

/** Time-based codes (RFC 6238), as every authenticator app knows them. */
export const totpPolicy = {
  digits: 6,
  stepMs: 30_000,
  /** Steps before and after that count too, for clocks that differ. */
  stepsBeside: 1,
  /** A new secret must be confirmed by a code until then. */
  setupMs: 10 * 60_000,
  /** What the app shows above the code. */
  issuer: 'Watchpost',
} as const;

/** Passkeys (WebAuthn). */
export const passkeyPolicy = {
  perAccount: 10,
  /** How long the person may take with the browser. */
  askedMs: 5 * 60_000,
  /** Challenges that wait, of log-ins and of accounts each. */
  waitingAtMost: 10_000,
  /** Log-ins by passkey alone that one address may begin, and end, a minute. */
  perMinute: 30,
} as const;

/** Recovery codes: so many at once, each opens once. */
export const recoveryPolicy = { codes: 10 } as const;

/** Between the password and the second factor. */
export const secondStepPolicy = {
  lifeMs: 5 * 60_000,
  /** Proofs that one log-in may show; each wrong one counts as a wrong password besides. */
  triesAtMost: 5,
  waitingAtMost: 10_000,
} as const;

/** Accounts that one statement lists for a command. */
export const listPolicy = { accountsAtOnce: 500 } as const;

/** Requests a minute of one address about second factors. */
export const factorRoutePolicy = { perMinute: 30 } as const;

/** What people with a session were refused, in the audit log. */
export const refusalPolicy = {
  /**
   * One account: so many at once, and one more in each `refillMs`; the next one says how many were left out.
   */
  perAccount: { burst: 60, refillMs: 10_000 },
  /** Accounts of which that is remembered. */
  accountsAtMost: 10_000,
} as const;

/** Tokens that an officer’s app shows to the broker. */
export const officerTokenPolicy = {
  /**
   * How long a token is good, if the session is: an app asks for the next one in time, and a log-out takes
   * effect soon.
   */
  lifeSeconds: 15 * 60,
  /** Tokens a minute for one address. */
  perMinute: 60,
} as const;

/** Log-in through an identity provider. */
export const oidcPolicy = {
  /** The provider answers a request within this. */
  requestMs: 5_000,
  /** An answer of it is no longer, bytes. */
  answerBytes: 256 * 1024,
  /** How long somebody may take at the provider. */
  stepMs: 10 * 60_000,
  /** Log-ins that came back and are remembered, so that none is good twice. */
  usedAtMost: 10_000,
  /** What the provider says of itself is asked anew after this. */
  metadataMs: 10 * 60_000,
  /** Log-ins a minute that one address may begin, and bring back. */
  perMinute: 20,
} as const;

import type {
  AccountLink,
  AlertDetail,
  AlertPage,
  GatewayList,
  HeatMap,
  LinkPasswordRequest,
  LogInMethods,
  PasskeyAssertion,
  PasskeyStep,
  RejectList,
  SecondStep,
  SecondStepRequest,
  Session,
  TransitionRequest,
} from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { Attention } from '../live/alert-order.ts';
import type { Ask } from './ask.ts';

/** What the console asks of the server. Every method rejects with an `ApiProblem`. */
export interface ConsoleApi {
  session(): Promise<Session>;
  /** A session, or what is wanted besides the password. */
  logIn(user: string, password: string): Promise<Session | SecondStep>;
  secondStep(request: SecondStepRequest): Promise<Session>;
  /** What a passkey has to sign, to log in without a password. */
  passkeyStep(): Promise<PasskeyStep>;
  passkeyLogIn(response: PasskeyAssertion): Promise<Session>;
  logOut(): Promise<void>;
  /** How people log in here, besides a password. */
  logInMethods(): Promise<LogInMethods>;
  /** What a one-time link is for. */
  accountLink(token: string): Promise<AccountLink>;
  /** Sets a password by a one-time link, and logs in. */
  setPassword(request: LinkPasswordRequest): Promise<Session>;
  /**
   * A page of one of the lists of the queue; `cursor` is `next` of the page before. `site` null: of all that
   * the person may see; where it may see one only, it need not be named anywhere.
   */
  alerts(attention: Attention, limit: number, cursor: string | null, site: string | null): Promise<AlertPage>;
  alert(id: string): Promise<AlertDetail>;
  transition(id: string, request: TransitionRequest): Promise<AlertDetail>;
  site(site: string | null): Promise<Site>;
  gateways(): Promise<GatewayList>;
  /** The map of a plan; null: of the first. */
  heat(site: string | null, plan: string | null): Promise<HeatMap>;
  rejects(site: string | null): Promise<RejectList>;
}

/** Each list of the queue as the server is asked for it. */
const queryOf: Readonly<Record<Attention, string>> = {
  waiting: 'state=open',
  in_work: 'state=acknowledged,in_progress',
  done: 'state=resolved&order=newest',
};

/** Those questions, as the API is asked. */
export function httpConsoleApi(ask: Ask): ConsoleApi {
  function alerts(
    attention: Attention,
    limit: number,
    cursor: string | null,
    site: string | null,
  ): Promise<AlertPage> {
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const of = site === null ? '' : `&site=${encodeURIComponent(site)}`;
    return ask('GET', `/alerts?${queryOf[attention]}&limit=${limit}${of}${from}`);
  }

  const onSite = (path: string, site: string | null, plan: string | null = null) => {
    const query = new URLSearchParams({
      ...(site === null ? {} : { site }),
      ...(plan === null ? {} : { plan }),
    }).toString();
    return query === '' ? path : `${path}?${query}`;
  };
  const alertPath = (id: string) => `/alerts/${encodeURIComponent(id)}`;
  return {
    session: () => ask('GET', '/session'),
    logIn: (user, password) => ask('POST', '/session', { user, password }),
    logInMethods: () => ask('GET', '/session/methods'),
    secondStep: (request) => ask('POST', '/session/second', request),
    passkeyStep: () => ask('POST', '/session/passkey/begin', {}),
    passkeyLogIn: (response) => ask('POST', '/session/passkey', { response }),
    logOut: () => ask('DELETE', '/session'),
    accountLink: (token) => ask('POST', '/account-link', { token }),
    setPassword: (request) => ask('POST', '/account-link/password', request),
    alerts,
    alert: (id) => ask('GET', alertPath(id)),
    transition: (id, request) => ask('POST', `${alertPath(id)}/transitions`, request),
    site: (site) => ask('GET', onSite('/site', site)),
    gateways: () => ask('GET', '/gateways'),
    heat: (site, plan) => ask('GET', onSite('/heat', site, plan)),
    rejects: (site) => ask('GET', onSite('/rejects', site)),
  };
}

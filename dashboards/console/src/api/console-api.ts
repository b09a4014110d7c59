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
import { call } from '@watchpost/contracts/client';
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
  alerts(
    attention: Attention,
    limit: number,
    cursor: string | null,
    site: string | null,
    /** Narrows it further, in the words of the API. */
    filter?: Readonly<Record<string, string>>,
  ): Promise<AlertPage>;
  alert(id: string): Promise<AlertDetail>;
  transition(id: string, request: TransitionRequest): Promise<AlertDetail>;
  site(site: string | null): Promise<Site>;
  gateways(): Promise<GatewayList>;
  /** The map of a plan; null: of the first. */
  heat(site: string | null, plan: string | null): Promise<HeatMap>;
  rejects(site: string | null): Promise<RejectList>;
}

/** Each list of the queue as the server is asked for it. */
const queryOf: Readonly<Record<Attention, { readonly state: string; readonly order?: string }>> = {
  waiting: { state: 'open' },
  in_work: { state: 'acknowledged,in_progress' },
  done: { state: 'resolved', order: 'newest' },
};

/** Those questions, as the API is asked. */
export function httpConsoleApi(ask: Ask): ConsoleApi {
  return {
    session: () => call(ask, 'GET /session'),
    logIn: (user, password) => call(ask, 'POST /session', { body: { user, password } }),
    logInMethods: () => call(ask, 'GET /session/methods'),
    secondStep: (request) => call(ask, 'POST /session/second', { body: request }),
    passkeyStep: () => call(ask, 'POST /session/passkey/begin', { body: {} }),
    passkeyLogIn: (response) => call(ask, 'POST /session/passkey', { body: { response } }),
    logOut: () => call(ask, 'DELETE /session'),
    accountLink: (token) => call(ask, 'POST /account-link', { body: { token } }),
    setPassword: (request) => call(ask, 'POST /account-link/password', { body: request }),
    alerts: (attention, limit, cursor, site, filter) =>
      call(ask, 'GET /alerts', { query: { ...queryOf[attention], limit, site, ...filter, cursor } }),
    alert: (id) => call(ask, 'GET /alerts/{id}', { params: { id } }),
    transition: (id, request) =>
      call(ask, 'POST /alerts/{id}/transitions', { params: { id }, body: request }),
    site: (site) => call(ask, 'GET /site', { query: { site } }),
    gateways: () => call(ask, 'GET /gateways'),
    heat: (site, plan) => call(ask, 'GET /heat', { query: { site, plan } }),
    rejects: (site) => call(ask, 'GET /rejects', { query: { site } }),
  };
}

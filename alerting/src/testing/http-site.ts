import { randomUUID } from 'node:crypto';
import type { Role } from '@watchpost/contracts/api';
import { createKeyRing, type KeyRing } from '@watchpost/passes';
import { pino } from 'pino';
import { BearerTokens } from '../accounts/bearer-tokens.ts';
import { RecoveryFactor, TotpFactor } from '../accounts/code-factors.ts';
import { ensureAccounts } from '../accounts/configured-accounts.ts';
import { LogIn } from '../accounts/log-in.ts';
import { PasskeyFactor } from '../accounts/passkeys/passkey-factor.ts';
import { defaultTokenLife } from '../accounts/policy.ts';
import { SecondSteps } from '../accounts/second-steps.ts';
import { Sessions } from '../accounts/sessions.ts';
import { Arming } from '../arming/arming.ts';
import { Duty } from '../duty/duty.ts';
import { dutySite } from '../duty/rota-plans.ts';
import { EscalationPolicies } from '../escalation/escalation-policies.ts';
import { Governance } from '../governance/governance.ts';
import { GatewayRegistry } from '../health/gateway-registry.ts';
import { createMetrics } from '../health/metrics.ts';
import type { Api } from '../http/api.ts';
import { buildServers, type ServerOptions } from '../http/server.ts';
import { IncidentBook } from '../incidents/incident-book.ts';
import { commitBatch } from '../ingest/commit-batch.ts';
import { readEvents } from '../ingest/read-events.ts';
import type { Message } from '../ingest/to-reject.ts';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueKind } from '../jobs/due-step.ts';
import { LiveFeed } from '../live/live-feed.ts';
import { Receivers } from '../notify/receivers.ts';
import { ringSigner } from '../passes/issuer-rings.ts';
import { Passes } from '../passes/passes.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { Plates } from '../plates/plates.ts';
import { defaultPolicy } from '../policy.ts';
import { Replays } from '../replay/replays.ts';
import { positionSite } from '../response/positions.ts';
import { JointResponse } from '../response/response.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { Silences } from '../silences/silences.ts';
import type { SiteRoles } from '../store/account-store.ts';
import { countAlerts } from '../store/alert-queue.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { Warnings } from '../warnings/warnings.ts';
import { type ConsoleFolder, makeConsoleFolder } from './console-folder.ts';
import { embeddedStore } from './empty-cluster.ts';
import { FakeChannels } from './fake-channel.ts';
import { FakeEnroller } from './fake-enroller.ts';
import { FakeSiteEditor } from './fake-site-editor.ts';
import { cookieOf, testAccounts } from './http-client.ts';
import { FakePermits } from './permit-contract.ts';
import { candidate, doorAlarm, forgedPass, smokeAlarm, wireEvent } from './test-events.ts';
import { testPrivacy } from './test-privacy.ts';
import { armedSite, testGates, testInstructions, testSite } from './test-site.ts';

const logger = pino({ level: 'silent' });
const directory = siteDirectory(testSite);

/** Methods that our routes answer. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Console, API and Node-RED’s proxy of the test site, on an embedded store and on loopback, with a session in
 * every role.
 */
export class HttpSite {
  readonly store: Store;
  readonly feed = new LiveFeed();
  readonly enroller = new FakeEnroller();
  readonly permits = new FakePermits();
  readonly incidents: IncidentBook;
  readonly channels = new FakeChannels();
  readonly siteEditor = new FakeSiteEditor(testSite.id, {
    timeZone: testSite.timeZone,
    devices: [{ id: 'cam', kind: 'camera' }],
  });
  /** What signs its passes. */
  readonly passRing: KeyRing = createKeyRing({ iss: testSite.id });
  /** What signs its plates. */
  readonly plateRing: KeyRing = createKeyRing();
  /** Its clocks, which stand still unless a test moves them: `nowMs` for dates, `monotonicMs` for waiting. */
  readonly clock = { nowMs: Date.now(), monotonicMs: 0 };
  /** API tokens in use. */
  readonly bearers: BearerTokens;
  /** What was written into the log about API tokens. */
  readonly lines: string[] = [];
  /** Roles that demand a second factor. */
  readonly factorFor: Role[] = [];
  duty: Duty | undefined;
  response: JointResponse | undefined;
  /** Who carries out work that is due; a test does it. */
  readonly dueHandlers = new Map<DueKind, DueHandler>();
  /** What alerting was told of rotas last. */
  dutyFaults: readonly string[] = [];
  readonly #console: ConsoleFolder;
  readonly #cookies = new Map<Role, string>();
  #app: Api | undefined;
  #flowsApp: Api | undefined;
  #base = '';

  private constructor(store: Store, consoleFolder: ConsoleFolder) {
    this.store = store;
    this.#console = consoleFolder;
    const { clock, lines } = this;
    this.incidents = new IncidentBook({
      ...{ directory, policy: defaultPolicy.incidents, nowMs: () => clock.nowMs },
    });
    store.changes.also(this.incidents.write);
    this.bearers = new BearerTokens({
      ...{ db: store.db, nowMs: () => clock.nowMs, sites: [testSite.id] },
      monotonicMs: () => clock.monotonicMs,
      logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    });
  }

  /** With an account per role, four alerts and a rejected event. */
  static async open(more: Pick<ServerOptions, 'stills'> = {}): Promise<HttpSite> {
    const site = new HttpSite(await openStore(await embeddedStore()), makeConsoleFolder());
    await site.#start(more);
    return site;
  }

  /** What its servers were built of, made anew on the same store. */
  options(): ServerOptions {
    const { db, changes } = this.store;
    const metrics = createMetrics();
    const nowMs = () => this.clock.nowMs;
    const factorKey = Buffer.alloc(32, 7);
    const factorRequired = (roles: SiteRoles) =>
      Object.values(roles).some((role) => this.factorFor.includes(role));
    const sessions = new Sessions(db, nowMs, [testSite.id], {}, factorRequired);
    const governance = new Governance({
      ...{ db, nowMs, logger, newId: randomUUID, enroller: this.enroller, permits: this.permits },
      sites: new Map([[testSite.id, new Set<string>(testSite.zones.map(({ id }) => id))]]),
    });
    this.duty = new Duty({
      ...{ db, nowMs, logger },
      sites: new Map([[testSite.id, dutySite(testSite)]]),
      onFaults: (_site, codes) => {
        this.dutyFaults = codes;
      },
    });
    this.response = new JointResponse({
      ...{ db, nowMs, duty: this.duty.roster, noticesWritten: () => undefined },
      dueWorker: {
        handle: (_site, kind, handler) => void this.dueHandlers.set(kind, handler),
        expect: () => undefined,
      },
      sites: new Map([[testSite.id, positionSite(testSite)]]),
    });
    return {
      duty: this.duty,
      response: this.response,
      silences: new Silences({
        ...{ db, nowMs, changed: () => undefined },
        sites: new Map([[testSite.id, testSite]]),
      }),
      arming: new Arming({
        ...{ db, nowMs, newId: randomUUID, changed: () => undefined },
        sites: new Map([[testSite.id, siteDirectory(armedSite)]]),
      }),
      replays: new Replays({
        db,
        sites: new Map([[testSite.id, { directory, policy: defaultPolicy }]]),
      }),
      sites: new Map([
        [
          testSite.id,
          {
            directory,
            gateways: new GatewayRegistry(testSite),
            instructions: testInstructions,
            privacy: testPrivacy,
            counts: () => countAlerts(db, testSite.id),
            incidents: this.incidents,
          },
        ],
      ]),
      db,
      changes,
      sessions,
      bearers: this.bearers,
      tokenLife: defaultTokenLife,
      logIn: new LogIn({
        ...{ db, sessions, logins: metrics.logins, logger, nowMs, deviceKey: Buffer.alloc(32) },
        monotonicMs: () => this.clock.monotonicMs,
        secondSteps: new SecondSteps(
          db,
          [new TotpFactor(factorKey, nowMs), new PasskeyFactor(nowMs), new RecoveryFactor()],
          nowMs,
          () => this.clock.monotonicMs,
        ),
      }),
      factorRequired,
      factorKey,
      feed: this.feed,
      governance,
      passes: new Passes({
        ...{ db, nowMs, signer: ringSigner(new Map([[testSite.id, this.passRing]])) },
        sites: new Map([
          [testSite.id, { name: testSite.name, timeZone: testSite.timeZone, gates: testGates }],
        ]),
        refusedOthers: (site) => governance.passesChanged(site),
      }),
      receivers: new Receivers({
        ...{ db, nowMs, newId: randomUUID, channels: this.channels, changed: () => undefined },
        sites: new Map([
          [testSite.id, { site: testSite, instructions: testInstructions, console: 'https://watch.example' }],
        ]),
      }),
      escalation: new EscalationPolicies({
        ...{ db, nowMs, duty: this.duty.roster },
        sites: new Map([[testSite.id, new Set<string>(testSite.zones.map(({ id }) => id))]]),
      }),
      siteEditor: this.siteEditor,
      warnings: new Warnings({
        ...{ db, changes, newId: randomUUID, nowMs, logger },
        sites: new Map([[testSite.id, { directory, rules: defaultRuleSet, policy: defaultPolicy }]]),
      }),
      plates: new Plates({
        ...{ db, nowMs, rings: new Map([[testSite.id, this.plateRing]]) },
        sites: new Map([
          [
            testSite.id,
            {
              ...{ zones: new Set<string>(testSite.zones.map(({ id }) => id)), domain: 'plates.example' },
            },
          ],
        ]),
      }),
      metrics,
      probes: { store: () => ({ status: 'ok' }) },
      nowMs,
      newId: randomUUID,
      logger,
      consoleFolder: this.#console.folder,
      flows: { upstream: { url: 'http://127.0.0.1:9', secret: 'unused' } },
      scrapeToken: 'scrape-me',
      heartbeatMs: 50,
    };
  }

  /** Console and API. */
  get app(): Api {
    if (!this.#app) throw new Error('the site is not open');
    return this.#app;
  }

  /** Their address. */
  get base(): string {
    return this.#base;
  }

  /** The `cookie` header of the session in a role. */
  cookie(role: Role): string {
    return this.#cookies.get(role) ?? '';
  }

  /** Asks as somebody in a role, or as nobody. */
  ask(
    method: Method,
    url: string,
    role?: Role,
    payload?: object,
    headers: Readonly<Record<string, string>> = {},
  ) {
    return this.app.inject({
      method,
      url,
      headers: {
        ...(role ? { cookie: this.cookie(role) } : {}),
        ...(method === 'POST' || method === 'PUT' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(payload ? { payload } : {}),
    });
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.#flowsApp?.close();
    await this.store.close();
    this.#console.remove();
  }

  async #start(more: Pick<ServerOptions, 'stills'>): Promise<void> {
    const options = { ...this.options(), ...more };
    await ensureAccounts(this.store.db, testAccounts);
    const servers = await buildServers(options);
    this.#app = servers.console;
    this.#flowsApp = servers.flows;
    await this.#flowsApp?.listen({ host: '127.0.0.1', port: 0 });
    this.#base = await this.#app.listen({ host: '127.0.0.1', port: 0 });
    for (const { role } of testAccounts) this.#cookies.set(role, await cookieOf(this.#app, role));
    await this.#fill();
  }

  async #fill(): Promise<void> {
    const epoch = 'c'.repeat(32);
    const events = [
      wireEvent(smokeAlarm({ epoch, seq: 1 })),
      wireEvent(doorAlarm({ epoch, seq: 2 })),
      wireEvent(forgedPass({ epoch, seq: 3 })),
      wireEvent(candidate('watch', { epoch, seq: 4 })),
      { ...wireEvent(doorAlarm({ epoch, seq: 5 })), type: 'watchpost.none.v1' },
    ];
    const nowMs = () => this.clock.nowMs;
    const book = new IncidentBook({ directory, policy: defaultPolicy.incidents, nowMs });
    const unlisten = this.store.changes.also(book.write);
    await this.take(events);
    unlisten();
  }

  /** Events of a gateway, by the way that messages take. */
  async take(events: readonly object[]): Promise<void> {
    const message: Message = {
      topic: 'wp/1/test/edge1/up',
      parsed: { name: 'up', site: 'test', gateway: 'edge1' },
      payload: Buffer.from(JSON.stringify(events)),
      receivedMs: this.clock.nowMs,
    };
    await commitBatch(this.store.changes, readEvents(message, directory, randomUUID, defaultPolicy.late), {
      directory,
      rules: defaultRuleSet,
      policy: defaultPolicy,
      newId: randomUUID,
      nowMs: this.clock.nowMs,
    });
  }
}

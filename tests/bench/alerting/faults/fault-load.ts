import { randomUUID } from 'node:crypto';
import type { Site } from '@watchpost/contracts/site';
import pg from 'pg';
import { saveAlerts } from '../../../../alerting/src/store/alert-store.ts';
import { writeDue } from '../../../../alerting/src/store/due-store.ts';
import { openStore } from '../../../../alerting/src/store/open-store.ts';
import type { ApiClient } from '../../../support/api-client.ts';
import { ResendingGateway } from '../../../support/resending-gateway.ts';
import type { Services } from '../../../support/two-services.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { apartCount, dangers } from '../bench-site.ts';
import { openAlert } from '../open-alert.ts';
import { apartAlarm, motion } from '../said.ts';

const receivers = 8;
const everyMs = 200;
/** Incidents that can open in all, and how soon one follows the other at the most. */
const incidents = apartCount * dangers.length;
const incidentEveryMs = 2_000;
/** How long a fault takes with its mending, about. */
const faultMs = 5_000;
const dueAlerts = 300;
const withinMs = 180_000;

/** What goes on while there are faults: events, incidents of which eight receivers are told, due work. */
export class FaultLoad {
  readonly due: string[] = [];
  readonly #services: Services;
  readonly #databaseUrl: string;
  readonly #site: Site;
  #gateways: readonly ResendingGateway[] = [];
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(services: Services, databaseUrl: string, site: Site) {
    this.#services = services;
    this.#databaseUrl = databaseUrl;
    this.#site = site;
  }

  /** Ids of all events that were sent. */
  get sent(): readonly string[] {
    return this.#gateways.flatMap(({ ids }) => ids);
  }

  /** @param url of the receivers @param faults that are to come */
  async start(api: ApiClient, url: string, faults: number): Promise<void> {
    const { id, gateways } = this.#site;
    for (let index = 0; index < receivers; index++) {
      const made = await api.post(`/receivers?site=${id}`, {
        ...{ id: randomUUID(), name: `Bench ${index}`, language: 'en', severities: ['critical'], cap: null },
        address: { kind: 'webhook', url: `${url}/${index}`, key: 'notify-bench' },
      });
      if (!made.ok) throw new Error(`a receiver was refused: ${await made.text()}`);
    }
    await this.#writeDue(faults * faultMs);
    this.#gateways = await Promise.all(
      gateways.map((gateway, index) =>
        ResendingGateway.connect(this.#services.mqttPort, id, gateway, `motion-${index}`),
      ),
    );
    this.#timers.push(
      setInterval(() => {
        for (const [index, gateway] of this.#gateways.entries()) gateway.say(motion(index));
      }, everyMs),
    );
    let opened = 0;
    this.#timers.push(
      setInterval(
        () => {
          const zone = opened % apartCount;
          const danger = dangers[Math.floor(opened / apartCount)];
          if (danger) this.#gateways[zone % gateways.length]?.say(apartAlarm(zone, danger));
          opened++;
        },
        Math.max(incidentEveryMs, (faults * faultMs) / incidents),
      ),
    );
  }

  /** Settles when every gateway has a receipt for something that it sent after now. */
  async goesOn(): Promise<void> {
    const sinceMs = performance.now();
    const goesOn = () => this.#gateways.every((gateway) => gateway.coveredAfter(sinceMs) !== undefined);
    await waitFor('every gateway is heard', goesOn, withinMs);
  }

  /** Nothing more is sent; settles when everything that was is stored, told and carried out. */
  async drain(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const isStored = () => this.#gateways.every(({ waiting }) => waiting === 0);
    await waitFor('every event has its receipt', isStored, withinMs);
    const db = new pg.Client({ connectionString: this.#databaseUrl });
    await db.connect();
    try {
      const isDone = async (rest: string) => (await db.query(rest)).rows.length === 0;
      await waitFor(
        'every notice has ended',
        () => isDone(`select from notice where state in ('waiting', 'sending') limit 1`),
        withinMs,
      );
      await waitFor(
        'all due work is done',
        () => isDone(`select from due where kind = 'alert.clear' limit 1`),
        withinMs,
      );
    } finally {
      await db.end();
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const gateway of this.#gateways) await gateway.stop();
  }

  /** Alerts whose causes end one after the other. */
  async #writeDue(untilMs: number): Promise<void> {
    const store = await openStore({ kind: 'server', url: this.#databaseUrl });
    try {
      const alerts = Array.from({ length: dueAlerts }, (_, index) => openAlert(this.#site, index));
      await saveAlerts(store.db, alerts);
      const fromMs = Date.now();
      const rows = alerts.map(({ alert }, index) => ({
        ...{ site: this.#site.id, kind: 'alert.clear' as const, key: alert.id, version: alert.version },
        ...{ atMs: Math.round(fromMs + (index / dueAlerts) * untilMs), waitMs: untilMs },
      }));
      await writeDue(store.db, rows);
      this.due.push(...rows.map(({ key }) => key));
    } finally {
      await store.close();
    }
  }
}

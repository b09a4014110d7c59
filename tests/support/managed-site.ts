import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFacePipeline, openModelSet } from '@watchpost/inference';
import { cropPhoto, sampleFrame } from '@watchpost/inference/testing/sample-photos';
import type {
  APIRequestContext,
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
} from 'playwright-core';
import { openBrowser } from './browser.ts';
import { OwnServer } from './own-server.ts';
import type { Ready } from './watchpost-process.ts';

/** Two zones with a smoke detector each; a camera that looks for faces, of a gateway that is away. */
const zone = (id: string, chinese: string, english: string, x: number) => `
  - id: ${id}
    name: { zh-CN: ${chinese}, en: ${english} }
    plan: ground
    criticality: 0.7
    public: true
    outline: [[${x}, 1], [${x + 19}, 1], [${x + 19}, 29], [${x}, 29]]
    armed: [always]`;
const places = `zones:${zone('gate', '大门', 'Gate', 1)}${zone('hall', '大厅', 'Hall', 20)}

gateways:`;
const smoke = (where: string, x: number) => `
  - id: ${where}-smoke
    kind: smoke
    profile: generic-smoke
    gateway: gw-1
    zone: ${where}
    name: { zh-CN: ${where} 烟感, en: Smoke in the ${where} }
    mount: { at: [${x}, 15] }
    connect: { driver: simulator, schedule: [{ atMs: 1000, action: alarm }] }`;
const devices = `  - id: gw-2

devices:${smoke('gate', 10)}${smoke('hall', 30)}
  - id: gate-camera
    kind: camera
    profile: generic-camera
    gateway: gw-2
    zone: gate
    name: { zh-CN: 大门摄像机, en: Gate camera }
    mount: { at: [9, 17] }
    connect: { driver: file, url: clip.mkv }
    faces: true
  - id: hall-camera
    kind: camera
    profile: generic-camera
    gateway: gw-2
    zone: hall
    name: { zh-CN: 大厅摄像机, en: Hall camera }
    mount: { at: [29, 17] }
    connect: { driver: file, url: clip.mkv }

passes: { plateDomain: plates.example }

privacy:
  - purpose: People who were told to stay away
    cameras: [gate-camera]
    assessment: { reference: DPIA-7, approvedBy: R. Ito, approvedAt: "2026-01-10T02:00:00.000Z" }
    noticeSign: { place: left of the gate, checkedAt: "2026-01-12T02:00:00.000Z" }
    notPrivate: true
`;
const secondFactor = `
policy:
  accounts:
    secondFactor:
      requiredFor: [supervisor]
`;

/** Password of everybody here. */
export const password = 'four words are enough';
/** The first administrator. */
export const administrator = 'anna admin';

/** A photo of one person that lists take. */
export async function photoOfOnePerson(): Promise<Buffer> {
  const models = await openModelSet();
  try {
    const frame = await sampleFrame(6);
    const [face] = await createFacePipeline(models).analyse(frame);
    if (!face) throw new Error('no face in the sample photo');
    return await cropPhoto(frame, face.box, 0.6, (image) => image.resize(700, 700));
  } finally {
    await models.close();
  }
}

/**
 * A server of its own, made and run by the public commands, over HTTPS, with an administrator and a browser;
 * supervisors need a second factor there.
 */
export class ManagedSite {
  readonly server: OwnServer;
  readonly ready: Ready & { readonly welcome: string };
  readonly browser: Browser;

  private constructor(server: OwnServer, ready: ManagedSite['ready'], browser: Browser) {
    this.server = server;
    this.ready = ready;
    this.browser = browser;
  }

  static async open(): Promise<ManagedSite> {
    const server = new OwnServer('park');
    try {
      server.init();
      server.edit((text) =>
        text.replace(/zones:\n[\s\S]*?gateways:/, places).replace('devices: []', devices),
      );
      appendFileSync(join(server.folder, 'server.yaml'), secondFactor);
      server.run('check', server.folder);
      const ready = await server.up();
      const site = new ManagedSite(server, ready, await openBrowser());
      const { request, close } = await site.#visitor();
      await post(request, site.at('/api/v1/account-link/password'), {
        ...{ token: new URL(ready.welcome).hash.slice(1), user: administrator, password },
      });
      await close();
      return site;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.remove();
  }

  /** An address of the console, under a name: passkeys are for no bare address. */
  at(path: string): string {
    return new URL(path, this.ready.console.replace('127.0.0.1', 'localhost')).href;
  }

  /** A window of nobody yet. */
  async window(options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; page: Page }> {
    const context = await this.browser.newContext({
      ...{ ignoreHTTPSErrors: true, locale: 'en-US', viewport: { width: 1280, height: 900 } },
      ...options,
    });
    return { context, page: await context.newPage() };
  }

  /** A window of somebody who needs no second factor, logged in beside the log-in page. */
  async windowOf(name: string, options: BrowserContextOptions = {}) {
    const made = await this.window(options);
    await post(made.context.request, this.at('/api/v1/session'), { user: name, password });
    return made;
  }

  /** An account that has its password, made by the administrator through the API. */
  async person(name: string, role: string, zones: readonly string[] | null = null): Promise<void> {
    const { request, close } = await this.#visitor(administrator);
    const invited = await post(request, this.at('/api/v1/accounts'), {
      ...{ name, scopes: [{ site: this.server.site, role, zones }] },
    });
    const { link } = (await invited.json()) as { link: { token: string } };
    await post(request, this.at('/api/v1/account-link/password'), { token: link.token, password });
    await close();
  }

  async #visitor(name?: string) {
    const { context } = name === undefined ? await this.window() : await this.windowOf(name);
    return { request: context.request, close: () => context.close() };
  }
}

async function post(request: APIRequestContext, url: string, data: object) {
  const answer = await request.post(url, { data });
  if (!answer.ok()) throw new Error(`${url} answered ${answer.status()}: ${await answer.text()}`);
  return answer;
}

import type { Page } from 'playwright-core';
import { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { cameraFps, movingScene } from '../bench/site/moving-camera.ts';

/** Log-in of the simulated camera. */
export const cameraLogIn = { user: 'viewer', password: 'pictures please' } as const;

/** A camera with a log-in, whose picture moves for some seconds and stands still then. */
export async function cameraToSetUp(): Promise<RtspServer> {
  const camera = new RtspServer();
  camera.streams.set('door', {
    ...{ codec: 'h264', fps: cameraFps, bytes: await movingScene() },
    ...{ auth: 'digest', ...cameraLogIn, stillAfterS: 4 },
  });
  await camera.start();
  return camera;
}

/** What somebody does at a page: one field filled, one press or one drag is one action. */
export class Hands {
  readonly page: Page;
  #actions = 0;

  constructor(page: Page) {
    this.page = page;
  }

  get actions(): number {
    return this.#actions;
  }

  async press(id: string): Promise<void> {
    this.#actions += 1;
    await this.page.getByTestId(id).first().click();
  }

  async fill(id: string, text: string): Promise<void> {
    this.#actions += 1;
    await this.page.getByTestId(id).first().fill(text);
  }

  /** Drags over an element, between two places in parts of its width and height. */
  async drag(id: string, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    this.#actions += 1;
    const place = this.page.getByTestId(id);
    await place.scrollIntoViewIfNeeded();
    const box = await place.boundingBox();
    if (!box) throw new Error(`${id} is not on the page`);
    const at = ([x, y]: readonly [number, number]) =>
      [box.x + box.width * x, box.y + box.height * y] as const;
    await this.page.mouse.move(...at(from));
    await this.page.mouse.down();
    await this.page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
    await this.page.mouse.move(...at(to));
    await this.page.mouse.up();
  }
}

export interface WayOptions {
  readonly site: string;
  readonly camera: string;
  /** Called at each step as it stands before somebody does anything. */
  readonly atStep?: (step: string) => Promise<void>;
  /** A wrong password is typed first. */
  readonly slip?: boolean;
}

const step = async (page: Page, name: string, atStep: WayOptions['atStep']) => {
  await page.locator(`[data-testid="setup-step"][data-step="${name}"]`).waitFor({ timeout: 60_000 });
  await atStep?.(name);
};
/** How long a camera takes to be seen, and its standing picture to be told. */
const seenWithinMs = 90_000;

/**
 * From the one-time link to the first event of the first camera, by the pages alone.
 * @returns how many actions it took
 */
export async function setUpSite(
  hands: Hands,
  link: string,
  camera: string,
  { site, camera: name, atStep, slip = false }: WayOptions,
): Promise<number> {
  const { page } = hands;
  await page.goto(link);
  await hands.fill('welcome-user', 'first admin');
  await hands.fill('welcome-password', 'four words are enough');
  await hands.fill('welcome-again', 'four words are enough');
  await hands.press('welcome-submit');

  await step(page, 'account', atStep);
  await hands.press('setup-next');
  await step(page, 'address', atStep);
  await hands.press('setup-next');

  await step(page, 'site', atStep);
  const language = (await page.locator('html').getAttribute('lang')) === 'zh-CN' ? 'zh-CN' : 'en';
  await hands.fill(`field-name-${language}`, site);
  await hands.press('setup-next');

  await step(page, 'camera', atStep);
  await hands.fill('field-connect-url', camera);
  await hands.fill(`field-name-${language}`, name);
  await hands.press('setup-next');

  await step(page, 'log_in', atStep);
  await hands.fill('field-connect-user', cameraLogIn.user);
  await hands.fill('secret-connect-password', slip ? 'not this one' : cameraLogIn.password);
  await hands.press('setup-next');
  if (slip) {
    await page.locator('[data-testid="camera-tried"][data-error="edge.camera_password"]').waitFor({
      timeout: seenWithinMs,
    });
    await atStep?.('wrong_password');
    await hands.fill('secret-connect-password', cameraLogIn.password);
    await hands.press('setup-next');
  }

  await step(page, 'picture', undefined);
  await page.getByTestId('setup-still').waitFor({ timeout: seenWithinMs });
  await atStep?.('picture');
  await hands.press('setup-next');

  await step(page, 'draw', undefined);
  await hands.drag('mask-drawing-ground', [0.05, 0.1], [0.3, 0.45]);
  await atStep?.('draw');
  await hands.press('setup-tool-line');
  await hands.drag('line-drawing-ground', [0.4, 0.85], [0.9, 0.6]);
  await atStep?.('draw-line');
  await hands.press('setup-next');

  await step(page, 'walk', atStep);
  await page.locator('[data-testid="setup-first-event"][data-alert]').waitFor({ timeout: seenWithinMs });
  return hands.actions;
}

import type { Language } from '@watchpost/contracts/api';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { chooseLanguage, startTexts } from '../texts/i18n.ts';
import { TextsProvider } from '../texts/texts.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

// jsdom has neither popovers, of which none is over the page here, nor `CSS`, which React Aria asks.
Object.assign(globalThis, { CSS: { escape: (text: string) => text } });
Object.assign(HTMLElement.prototype, { hidePopover: () => undefined });

let texts: Promise<void> | undefined;

/**
 * A page in a document without a browser, as somebody uses it: found by `data-testid`, pressed, filled in.
 */
export class DrawnPage {
  readonly #root: Root;
  readonly #location = memoryLocation({ path: '/', record: true });

  private constructor() {
    document.body.innerHTML = '<div id="root"></div>';
    this.#root = createRoot(document.getElementById('root') as HTMLElement);
  }

  /** Draws it at an address, with its texts. */
  static async open(
    page: ReactNode,
    { language = 'en', at = '/' }: { readonly language?: Language; readonly at?: string } = {},
  ): Promise<DrawnPage> {
    texts ??= startTexts();
    await texts;
    await chooseLanguage(language);
    const drawn = new DrawnPage();
    drawn.#location.navigate(at);
    await act(async () =>
      drawn.#root.render(
        <Router hook={drawn.#location.hook}>
          <TextsProvider>{page}</TextsProvider>
        </Router>,
      ),
    );
    return drawn;
  }

  get text(): string {
    return document.body.textContent ?? '';
  }

  /** Where the page has led. */
  get address(): string {
    return this.#location.history.at(-1) ?? '';
  }

  all(id: string): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
  }

  /** Waits until what is asked for has been drawn. */
  async find(id: string): Promise<HTMLElement> {
    for (let turn = 0; turn < 2_000; turn += 1) {
      const [found] = this.all(id);
      if (found) return found;
      await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
    }
    throw new Error(`nothing called ${id} in: ${document.body.innerHTML.slice(0, 2_000)}`);
  }

  async press(id: string): Promise<void> {
    const found = await this.find(id);
    await act(async () => found.click());
    await this.settle();
  }

  /** Types into fields, by their `data-testid`. */
  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, value] of Object.entries(values)) {
      const field = await this.find(id);
      // React listens to the setter of the element itself; only the prototype's tells it of a change.
      const prototype = Object.getPrototypeOf(field) as object;
      await act(async () => {
        Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
        const kind = field instanceof HTMLSelectElement ? 'change' : 'input';
        field.dispatchEvent(new Event(kind, { bubbles: true }));
      });
    }
  }

  /** Lets what was begun come to its end: answers, and what they draw. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1)
      await act(async () => new Promise((resolve) => setTimeout(resolve, 0)));
  }

  async close(): Promise<void> {
    await act(async () => this.#root.unmount());
  }
}

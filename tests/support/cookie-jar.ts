import { type Answer, type Call, call } from './http-caller.ts';

/**
 * The cookies of one browser for this computer. Like a browser’s they belong to the host and go to each of
 * its ports.
 */
export class CookieJar {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** The `cookie` header for an address. */
  header(path = '/'): string {
    const fitting = [...this.#cookies].filter(([, cookie]) => path.startsWith(cookie.path));
    return fitting.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  get names(): readonly string[] {
    return [...this.#cookies.keys()];
  }

  value(name: string): string {
    return this.#cookies.get(name)?.value ?? '';
  }

  async call(url: string, options: Call = {}): Promise<Answer> {
    const cookie = this.header(new URL(url).pathname);
    const answer = await call(url, {
      ...options,
      headers: { ...(cookie ? { cookie } : {}), ...options.headers },
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return answer;
  }

  /**
   * Goes to a page as a browser does, through at most ten redirects. Gives the last answer and its address.
   */
  async visit(url: string): Promise<{ readonly url: string; readonly answer: Answer }> {
    let at = url;
    for (let hops = 0; ; hops++) {
      const answer = await this.call(at, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
      const { location } = answer.headers;
      if (location === undefined || hops === 10) return { url: at, answer };
      at = new URL(location, at).href;
    }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', ...value] = pair.split('=');
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (attributes.some((attribute) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(attribute)))
      this.#cookies.delete(name);
    else this.#cookies.set(name, { value: value.join('='), path });
  }
}

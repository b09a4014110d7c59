import { ApiProblem, type Ask } from '../api/ask.ts';

/** What was asked, and with what. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The API as a page asks it: answers by method and path; a function makes its answer of the body. */
export class FakeApi {
  readonly asked: Asked[] = [];
  /** `GET /account` → what it answers; an `Error` is thrown. */
  readonly answers: Record<string, unknown>;

  constructor(answers: Record<string, unknown>) {
    this.answers = answers;
  }

  readonly ask: Ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    this.asked.push({ method, path, body });
    const known = this.answers[`${method} ${path}`];
    if (known === undefined) throw new ApiProblem('api.not_found', '', 404);
    const answer: unknown = typeof known === 'function' ? known(body) : known;
    if (answer instanceof Error) throw answer;
    return structuredClone(answer) as T;
  };

  /** The bodies of what was asked by method and path, in order. */
  bodiesOf(question: string): unknown[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === question).map(({ body }) => body);
  }
}

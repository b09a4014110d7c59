/** What is undone, last first, when the service stops or does not come up. */
export class Teardown {
  readonly #steps: (() => Promise<void>)[] = [];

  /** Steps that are added later run before. */
  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  /** Every step runs, whatever the others do; the first failure is thrown at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0)) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';
import { feedPolicy } from './policy.ts';

/**
 * Which alerts flows were told, as last told: so that after a stop what opened meanwhile is news, and what
 * was told before is not. A journal of JSON lines, `{"id","alert"}` or, once closed, `{"id"}`; not SQLite,
 * which would open files past this process’s confinement. A lost last moment is told twice, which is
 * harmless.
 */
export class ToldFile {
  readonly #path: string;
  readonly #told = new Map<string, Alert>();
  #file = -1;
  #lines = 0;
  /** Whether there was no file before: nothing can be said then about what is news. */
  readonly isNew: boolean;

  /** @throws WatchpostError `config.data_folder` when the file cannot be used. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.isNew = !existsSync(path);
      if (!this.isNew) for (const line of readFileSync(path, 'utf8').split('\n')) this.#take(line);
      this.#rewrite();
    } catch (cause) {
      throw new WatchpostError('config.data_folder', { details: { path }, cause });
    }
  }

  /**
   * What was told and had not closed, oldest first. What another version wrote and nobody can read is left
   * out.
   */
  read(): Alert[] {
    return [...this.#told.values()];
  }

  save(alert: Alert): void {
    this.#told.delete(alert.id);
    this.#told.set(alert.id, alert);
    this.#write({ id: alert.id, alert });
  }

  remove(id: string): void {
    this.#told.delete(id);
    this.#write({ id });
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  /** A line that is torn by a power cut, or of another version, says nothing. */
  #take(line: string): void {
    try {
      const { id, alert } = JSON.parse(line) as { readonly id: string; readonly alert?: unknown };
      this.#told.delete(id);
      const read = alertSchema.safeParse(alert);
      if (read.success) this.#told.set(id, read.data);
    } catch {
      // As said.
    }
  }

  #write(entry: object): void {
    if (this.#file < 0) return;
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    this.#lines++;
    if (this.#lines > this.#told.size + feedPolicy.idleLinesAtMost) this.#rewrite();
  }

  /**
   * Puts a file in place that holds only what counts. Not by the writer of `service`: under Node’s permission
   * model no synchronous call may flush a file to disk (see durable-writes.ts). What a power cut takes is
   * told twice.
   */
  #rewrite(): void {
    this.close();
    const draft = `${this.#path}.new`;
    const lines = [...this.#told].map(([id, alert]) => `${JSON.stringify({ id, alert })}\n`);
    writeFileSync(draft, lines.join(''), { mode: 0o600 });
    renameSync(draft, this.#path);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#lines = lines.length;
  }
}

import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Alert, alertSchema, WatchpostError } from '@watchpost/contracts';

/**
 * Which alerts flows were told, as last told: so that after a stop what opened meanwhile is news, and what was told before is not.
 */
export class ToldFile {
  readonly #database: DatabaseSync;
  readonly #save: StatementSync;
  readonly #remove: StatementSync;
  /** Whether there was no file before: nothing can be said then about what is news. */
  readonly isNew: boolean;

  /** @throws WatchpostError `config.data_folder` when the file cannot be used. */
  constructor(path: string) {
    try {
      this.#database = new DatabaseSync(path);
      chmodSync(path, 0o600);
      const { user_version: version } = this.#database.prepare('pragma user_version').get() ?? {};
      this.isNew = version === 0;
      // A lost last moment is told twice, which is harmless.
      this.#database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma user_version = 1;
        create table if not exists told (id text primary key, alert text not null)`);
      this.#save = this.#database.prepare('insert or replace into told (id, alert) values (?, ?)');
      this.#remove = this.#database.prepare('delete from told where id = ?');
    } catch (cause) {
      throw new WatchpostError('config.data_folder', { details: { path }, cause });
    }
  }

  /** What was told and had not closed, oldest first. What another version wrote and nobody can read is left out. */
  read(): Alert[] {
    return this.#database
      .prepare('select alert from told order by rowid')
      .all()
      .flatMap(({ alert }) => {
        const read = alertSchema.safeParse(JSON.parse(String(alert)));
        return read.success ? [read.data] : [];
      });
  }

  save(alert: Alert): void {
    this.#save.run(alert.id, JSON.stringify(alert));
  }

  remove(id: string): void {
    this.#remove.run(id);
  }

  close(): void {
    this.#database.close();
  }
}

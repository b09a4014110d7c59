import { readFileSync } from 'node:fs';
import { type CommandReply, commandReplySchema, uuidSchema } from '@watchpost/contracts/wire';
import { replaceFileSync } from '@watchpost/service';
import { z } from 'zod';
import { commandPolicy } from '../policy.ts';

const fileSchema = z.array(z.strictObject({ id: uuidSchema, reply: commandReplySchema.nullable() }));

/**
 * Which commands were begun and how they were answered, on disk: the newest `commandPolicy.remembered`.
 * Without a writable disk it is the memory of this run.
 */
export class CommandMemory {
  readonly #path: string;
  readonly #onUnwritable: (error: unknown) => void;
  readonly #replies: Map<string, CommandReply | null>;

  constructor(path: string, onUnwritable: (error: unknown) => void) {
    this.#path = path;
    this.#onUnwritable = onUnwritable;
    this.#replies = new Map(read(path).map(({ id, reply }) => [id, reply]));
  }

  /** The answer that a command got; null when it was begun and never answered; undefined when it is new. */
  answerTo(id: string): CommandReply | null | undefined {
    return this.#replies.get(id);
  }

  /** The command is about to be carried out. */
  begun(id: string): void {
    this.#keep(id, null);
  }

  answered(reply: CommandReply): void {
    this.#keep(reply.id, reply);
  }

  #keep(id: string, reply: CommandReply | null): void {
    this.#replies.set(id, reply);
    for (const oldest of this.#replies.keys()) {
      if (this.#replies.size <= commandPolicy.remembered) break;
      this.#replies.delete(oldest);
    }
    const content = [...this.#replies].map(([known, answer]) => ({ id: known, reply: answer }));
    try {
      replaceFileSync(this.#path, JSON.stringify(content));
    } catch (error) {
      this.#onUnwritable(error);
    }
  }
}

function read(path: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Missing or damaged: commands expire, so at worst a live one is carried out twice.
    return [];
  }
}

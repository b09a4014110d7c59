import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * An empty database of its own on the TimescaleDB server that WATCHPOST_TEST_DATABASE_URL names.
 * @throws Error when the variable is missing: a test that needs a server fails without one, it does not skip
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.WATCHPOST_TEST_DATABASE_URL;
  if (!serverUrl) throw new Error('WATCHPOST_TEST_DATABASE_URL names no TimescaleDB server');
  const name = `watchpost_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

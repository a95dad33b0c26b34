import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';

/** A pool, or the one connection of a transaction. */
export type Database = Pool | PoolClient;

/** Runs `work` on one connection: commits when it returns, rolls back when it throws. */
export async function transaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot roll back is thrown away instead of going back to the pool.
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Collects parameters of a statement behind those that are there; `take` answers the name of one. */
export function parameters(values: unknown[] = []) {
  return { values, take: (value: unknown) => `$${values.push(value)}` };
}

/** A statement that a connection plans once and remembers: for what is asked all day. */
export function prepared<T extends { readonly text: string }>(statement: T): T & { name: string } {
  const hash = createHash('sha256').update(statement.text).digest('hex');
  return { ...statement, name: `so_goc_${hash.slice(0, 40)}` };
}

const camel = (column: string) => column.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

/**
 * Parses a row: `snake_case` columns become `camelCase` keys, NULL means absent unless the schema
 * takes null, columns that the schema lacks are left out.
 */
export function parseRow<S extends z.ZodObject>(schema: S, row: QueryResultRow): z.output<S> {
  const object: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const key = camel(column);
    const field: unknown = schema.shape[key];
    if (field === undefined || (value === null && !(field instanceof z.ZodNullable))) continue;
    object[key] = value;
  }
  return schema.parse(object);
}

export function parseRows<S extends z.ZodObject>(
  schema: S,
  rows: readonly QueryResultRow[],
): z.output<S>[] {
  return rows.map((row) => parseRow(schema, row));
}

/** @throws Failure `notFound` naming `what` when there is no row. */
export function parseOne<S extends z.ZodObject>(
  schema: S,
  rows: readonly QueryResultRow[],
  what: string,
): z.output<S> {
  const [row] = rows;
  if (!row) throw new Failure('notFound', what);
  return parseRow(schema, row);
}

/** PostgreSQL stores neither U+0000 nor half a surrogate pair; text from OCR or a request may hold both. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** {@link storable} for every string inside a JSON value. */
export function storableJson<T>(value: T): T {
  const plain: unknown = JSON.parse(JSON.stringify(value), (_, v: unknown) =>
    typeof v === 'string' ? storable(v) : v,
  );
  return plain as T;
}

/** A parameter for a `jsonb` column. Never pass an array as it is: `pg` would send a PostgreSQL array. */
export function jsonb(value: unknown): string {
  return JSON.stringify(storableJson(value));
}

/** `%word%` for LIKE with the wildcards inside `word` taken literally. */
export function containing(word: string): string {
  return `%${storable(word).replace(/[\\%_]/g, '\\$&')}%`;
}

/** The constraint that a statement violated, the triggers' own included; undefined for other errors. */
export function violated(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string'
    ? constraint
    : undefined;
}

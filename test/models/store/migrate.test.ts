import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate } from '../../../models/store/migrate.ts';
import { openStore } from '../../../models/store/store.ts';
import { testPool } from '../../support/database.ts';
import { addBook, addPages, addRecord, machineValue, unique } from './fixtures.ts';

const opened: pg.Pool[] = [];
let admin: pg.Pool;
beforeAll(() => {
  admin = new pg.Pool({ connectionString: inject('databaseUrl') });
  opened.push(admin);
});
afterAll(() => Promise.all(opened.map((pool) => pool.end())));

/** Pools on a database without any schema. */
async function emptyDatabase(pools: number): Promise<pg.Pool[]> {
  const name = `empty_${process.pid}_${unique()}`;
  await admin.query(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  const made = Array.from({ length: pools }, () => new pg.Pool({ connectionString: url.href }));
  opened.push(...made);
  return made;
}

const applied = async (pool: pg.Pool) =>
  (await pool.query('select id, applied_at from migrations order by id')).rows;

test('several processes that start together migrate an empty database once', async () => {
  const pools = await emptyDatabase(4);
  await Promise.all(pools.map((pool) => migrate(pool)));
  const first = await applied(pools[0]!);
  const ids = first.map((row) => row.id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids[0]).toBe(1);
  await migrate(pools[1]!);
  expect(await applied(pools[0]!)).toEqual(first);
});

test('a database of a newer program, or of other files, is refused', async () => {
  const pool = await testPool();
  opened.push(pool);
  await pool.query(`insert into migrations (id, name, sha256) values (999, '999-later.sql', 'x')`);
  await expect(migrate(pool)).rejects.toMatchObject({ kind: 'badConfiguration' });
  await pool.query(`delete from migrations where id = 999`);
  await pool.query(`update migrations set sha256 = 'x' where id = 1`);
  await expect(migrate(pool)).rejects.toMatchObject({ kind: 'badConfiguration' });
});

test('a user who may not create extensions gets a store that searches without an index', async () => {
  const [pool] = await emptyDatabase(1);
  const { rows } = await pool!.query('select current_database() as name');
  const { name } = rows[0];
  // Only a database owner, or whoever has CREATE on it, may install even a trusted extension.
  await pool!.query(`create role ${name}_user login password 'x'`);
  await pool!.query(`grant create on schema public to ${name}_user`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  url.username = `${name}_user`;
  url.password = 'x';
  const poor = new pg.Pool({ connectionString: url.href });
  opened.push(poor);
  await migrate(poor);
  const extensions = await poor.query(`select 1 from pg_extension where extname = 'pg_trgm'`);
  expect(extensions.rows).toEqual([]);
  const store = openStore(poor);
  const book = await addBook(store);
  const [page] = await addPages(store, book.id, 1);
  await addRecord(store, book.id, page!);
  expect((await store.records.list({ search: 'mau don' })).total).toBe(1);
});

test('what earlier programs left is put right', async () => {
  const pool = await testPool();
  opened.push(pool);
  const store = openStore(pool);
  const { id } = await addBook(store);
  const [page] = await addPages(store, id, 2);
  const untidy = ' UBND xã  Mẫu\u00a0Sơn '.normalize('NFD');
  await pool.query('update books set unit = $2 where id = $1', [id, untidy]);
  await pool.query('update documents set page_count = 7 where id = $1', [page!.documentId]);
  const sql = new URL(
    '../../../models/store/migrations/040-counts-and-batches.sql',
    import.meta.url,
  );
  await pool.query(await readFile(sql, 'utf8'));
  expect((await store.books.byId(id)).unit).toBe('UBND xã Mẫu Sơn');
  expect((await store.documents.byId(page!.documentId)).pageCount).toBe(2);
});

test('names and days of records that were there before are those that new records get', async () => {
  const pool = await testPool();
  opened.push(pool);
  const store = openStore(pool);
  const { id } = await addBook(store);
  const [page] = await addPages(store, id, 1);
  await addRecord(store, id, page!, {
    nksHoTen: machineValue('  ĐẶNG Thị  Quỳnh Ánh'.normalize('NFD')),
    nksNgaySinh: machineValue('05.03.2008'),
    meHoTen: machineValue("O'Brien Mary"),
    meNgaySinh: machineValue('1980'),
    chaHoTen: { ...machineValue('Bỏ'), state: 'struckOut' },
    chaNgaySinh: machineValue('04.1979'),
    ngayDangKy: machineValue('15.03.2008'),
  });
  const ask = async () => [
    (await pool.query('select field, folded, syllables, born from record_names order by 1')).rows,
    (await pool.query('select syllable from name_syllables order by 1')).rows,
    (await pool.query('select registered_on::text from records')).rows,
  ];
  const before = await ask();
  expect(before[0]).toMatchObject([
    { field: 'meHoTen', born: '1980' },
    { field: 'nksHoTen', folded: 'dang thi quynh anh', born: '2008-03-05' },
  ]);
  expect(before[2]).toEqual([{ registered_on: '2008-03-15' }]);
  await pool.query('delete from record_names; delete from name_syllables');
  await pool.query('update records set registered_on = null');
  const sql = await readFile(
    new URL('../../../models/store/migrations/042-names.sql', import.meta.url),
    'utf8',
  );
  await pool.query(sql.slice(sql.indexOf('create function iso_of')));
  expect(await ask()).toEqual(before);
});

test('the application may remove rows from just the tables that the store removes rows from', async () => {
  const pool = await testPool();
  opened.push(pool);
  const folder = new URL('../../../models/store/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  const removes = texts.join('\n').matchAll(/\bdelete from (\w+)/g);
  const { rows } = await pool.query(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'
        and has_table_privilege('so_goc_app', oid, 'delete')`,
  );
  expect(new Set(rows.map((row) => row.name))).toEqual(new Set([...removes].map((m) => m[1])));
});

test('search has its index where the extension can be made', async () => {
  const pool = await testPool();
  opened.push(pool);
  const { rows } = await pool.query(
    `select indexdef from pg_indexes where indexname = 'records_search'`,
  );
  expect(rows[0]?.indexdef).toContain('gin_trgm_ops');
});

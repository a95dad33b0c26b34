/**
 * How long "the next record" takes in a province's worth of records, with people who ask at the same
 * time: `node --import tsx test/bench/work.ts [records] [people]`. Rows only: no values, no images, no
 * HTTP. Two thirds of the books are finished, since passing over those is what could be slow.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BookId, OrganisationId } from '../../models/ids.ts';
import type { Person, Scope } from '../../models/people.ts';
import { openStore } from '../../models/store/store.ts';
import { makeScratch } from '../../pipeline/database/scratch.ts';
import { readSettings } from '../../pipeline/settings.ts';
import { openSystem } from '../../pipeline/system.ts';
import { quantile, table } from './table.ts';

const records = Number(process.argv[2] ?? 1_200_000);
const people = Number(process.argv[3] ?? 20);
const BOOK = 200;
const books = Math.ceil(records / BOOK);
const ASKED = 30;

const scratch = await makeScratch();
const system = await openSystem(
  { ...readSettings({ WORKERS: '0' }), dataDir: scratch.dataDir },
  { server: 'own' },
);
const pool = new pg.Pool({ connectionString: system.ownerUrl, max: 10 });
const store = openStore(pool);

/** Book n of 200 records, in unit n of 300; those of the first two thirds are approved. */
async function fill(): Promise<void> {
  const client = await pool.connect();
  // No triggers and no foreign keys while rows are poured in.
  await client.query('set session_replication_role = replica');
  await client.query('drop index if exists records_search');
  const first = await store.books.create({
    form: 'birth-2006',
    place: 'Xã 0',
    placeShort: 'Xã 0',
    number: '01/2008',
  });
  await client.query(
    `insert into books (id, register, form, form_version, place, place_short, number, policy, search,
                        unit, project_id, created_at)
     select gen_random_uuid(), register, form, form_version, 'Xã ' || n, 'Xã ' || n, number, policy,
            search, 'Xã ' || n % 300 || ', Tỉnh Mẫu', project_id, now() + make_interval(secs => n)
       from books, generate_series(1, $1::int - 1) n where id = $2`,
    [books, first.id],
  );
  await client.query(
    `insert into records (id, book_id, page_id, entry, document_seq, page_index, status, version,
                          head, field_values)
     select gen_random_uuid(), b.id, gen_random_uuid(), 0, b.n, i,
            case when b.n <= $1::int * 2 / 3 then 'approved'
                 when i % 3 = 0 then 'keyed' else 'prefilled' end, 1, repeat('0', 64), '{}'
       from (select id, row_number() over (order by created_at) as n from books) b,
            generate_series(1, $2::int) i`,
    [books, BOOK],
  );
  await client.query('analyze');
  client.release(true);
}

async function worker(organisationId: OrganisationId, roles: Person['roles'], scope?: Scope) {
  const login = `p-${randomUUID().slice(0, 8)}`;
  return store.people.create({
    organisationId,
    login,
    name: login,
    roles,
    passwordHash: 'x',
    scope,
  });
}

/** All ask again and again at the same time; a record is given back by letting its lease run out. */
async function measure(wanted: { scope?: Scope; bookId?: BookId; work: 'key' | 'check' }) {
  const organisation = await store.organisations.create({ name: randomUUID(), kind: 'district' });
  const roles: Person['roles'] = wanted.work === 'key' ? ['keyer'] : ['checker'];
  const all = await Promise.all(
    Array.from({ length: people }, () => worker(organisation.id, roles, wanted.scope)),
  );
  const times: number[] = [];
  const given = new Set<string>();
  await Promise.all(
    all.map(async (person) => {
      for (let n = 0; n < ASKED; n++) {
        const begun = performance.now();
        const lease = await store.leases.next({ person, work: wanted.work, bookId: wanted.bookId });
        times.push(performance.now() - begun);
        if (!lease) continue;
        if (given.has(lease.recordId)) throw new Error('two people got the same record');
        given.add(lease.recordId);
        // As if it were done: the next call must look further.
        await pool.query(`update records set status = 'approved' where id = $1`, [lease.recordId]);
        await store.leases.release(lease.recordId, person.id);
      }
    }),
  );
  return {
    median: `${quantile(times, 0.5).toFixed(1)} ms`,
    p95: `${quantile(times, 0.95).toFixed(1)} ms`,
    given: `${given.size}`,
  };
}

try {
  await fill();
  const { rows } = await pool.query(
    `select id from books order by created_at offset $1::int limit 1`,
    [Math.floor(books * 0.9)],
  );
  const scope = { units: ['Xã 7, Tỉnh Mẫu'], books: [] };
  table(
    ['next record', 'median', 'p95', 'given'],
    [
      ['to key, in any book', ...Object.values(await measure({ work: 'key' }))],
      [
        'to key, in the books of one commune',
        ...Object.values(await measure({ work: 'key', scope })),
      ],
      ['to key, in one book', ...Object.values(await measure({ work: 'key', bookId: rows[0].id }))],
      ['to check, in any book', ...Object.values(await measure({ work: 'check' }))],
    ],
  );
  console.log(`\n${records} records in ${books} books, ${people} people at once`);
} finally {
  await pool.end();
  await system.close();
  await scratch.remove();
}

import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import { type BookId, type PersonId, RecordId } from '../ids.ts';
import { doubleOf, KIN, type KinRelation, kinOf, type Likeness, type People } from '../likeness.ts';
import { Link, type LinkKind, mayLink } from '../links.ts';
import type { Person, Scope } from '../people.ts';
import { registerOf } from '../registers/registry.ts';
import {
  type Database,
  parameters,
  parseOne,
  parseRows,
  storable,
  transaction,
  violated,
} from './database.ts';
import { RecordRow, selectRecords } from './records.ts';
import { BLIND, inScope, UNSETTLED } from './scope.ts';

/** Who asks: they are shown records of their scope, and none that they may have to key again. */
interface Asking {
  readonly reader: Person;
  readonly scope: Scope | undefined;
}

interface LikelyDouble extends Likeness {
  readonly record: RecordRow;
  /** What was said of the two. */
  readonly link: Link | undefined;
}
interface LikelyKin extends LikelyDouble {
  readonly relation: KinRelation;
}
interface LikelyPair extends Likeness {
  readonly records: readonly [RecordRow, RecordRow];
  readonly link: Link | undefined;
}

/** A confirmed kinship of a record of a book, for a dataset. */
export const KinRow = z.object({
  kind: z.string(),
  recordId: RecordId,
  number: z.string().nullable(),
  otherId: RecordId,
  otherNumber: z.string().nullable(),
  otherRegister: z.string(),
  otherBook: z.string(),
  otherPlace: z.string(),
  reason: z.string(),
  at: z.coerce.date(),
});
export type KinRow = z.infer<typeof KinRow>;

/** So many are compared for one record, and for a book; more have too common a name to tell. */
const MOST_COMPARED = 500;
const MOST_PAIRS = 3000;

/** That records of a person named in `n1` and one in `n2` may be of one event. */
const MAY_BE_SAME = `n2.field = n1.field and n2.record_id <> n1.record_id and (
  n2.folded = n1.folded and (n1.born is null or n2.born is null
                             or left(n1.born, 4) = left(n2.born, 4))
  or n2.born = n1.born and length(n2.born) = 10)`;

const PairRow = z.object({ one: RecordId, other: RecordId });

type Take = (value: unknown) => string;

/** What may be shown of a record `r` of book `b`. */
function shown({ reader, scope }: Asking, take: Take): string {
  const inside = `not r.set_aside and ${inScope(scope, take)}`;
  if (!reader.roles.includes('keyer')) return inside;
  const me = take(reader.id);
  return `${inside} and (${me}::uuid = any(r.first_keyers) or not (${BLIND} or r.${UNSETTLED}))`;
}

const ordered = (a: RecordId, b: RecordId): readonly [RecordId, RecordId] =>
  a < b ? [a, b] : [b, a];
const keyOf = (a: RecordId, b: RecordId) => ordered(a, b).join();

async function peopleOfRecords(
  database: Database,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, People>> {
  const { rows } = await database.query(
    'select record_id, field, name, born from record_names where record_id = any($1::uuid[])',
    [ids],
  );
  const people = new Map<RecordId, Map<string, { name: string; born: string | null }>>();
  for (const { record_id: id, field, name, born } of rows) {
    const known = people.get(id) ?? new Map();
    people.set(id, known.set(field, { name, born }));
  }
  return people;
}

async function rowsOf(
  database: Database,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, RecordRow>> {
  const { rows } = await database.query(
    selectRecords('select * from records where id = any($1::uuid[])'),
    [ids],
  );
  return new Map(parseRows(RecordRow, rows).map((row) => [row.id, row]));
}

/** What was said of pairs of these records, by pair; of doubles or of kin. */
async function saidOf(
  database: Database,
  ids: readonly RecordId[],
  families: readonly string[],
): Promise<ReadonlyMap<string, Link>> {
  const { rows } = await database.query(
    `select * from links where revoked_at is null and family = any($2::text[])
        and (one = any($1::uuid[]) or other = any($1::uuid[]))`,
    [ids, families],
  );
  return new Map(parseRows(Link, rows).map((link) => [keyOf(link.one, link.other), link]));
}

const nearestFirst = (a: Likeness, b: Likeness) => b.score - a.score;

/** Records that may be of one event, or of kin, and what people say of them. */
export function links(pool: Pool) {
  /** Records that have somebody in `[mine, its]` whose name is written alike, of a register. */
  async function namesakes(
    id: RecordId,
    [mine, its]: readonly [string, string],
    register: string,
    asking: Asking,
  ): Promise<RecordId[]> {
    const { values, take } = parameters([id, mine, its, register]);
    const { rows } = await pool.query<{ id: RecordId }>(
      `select r.id from record_names n1
         join record_names n2 on n2.folded = n1.folded and n2.field = $3 and n2.record_id <> $1
         join records r on r.id = n2.record_id join books b on b.id = r.book_id
        where n1.record_id = $1 and n1.field = $2 and b.register = $4 and ${shown(asking, take)}
        limit ${MOST_COMPARED}`,
      values,
    );
    return rows.map((row) => row.id);
  }

  async function mustShow(id: RecordId, asking: Asking): Promise<RecordRow> {
    const { values, take } = parameters([id]);
    const { rows } = await pool.query(
      `select r.id from records r join books b on b.id = r.book_id
        where r.id = $1 and ${shown(asking, take)}`,
      values,
    );
    if (!rows[0]) throw new Failure('notFound', 'record');
    return (await rowsOf(pool, [id])).get(id)!;
  }

  return {
    /** Records that may be of the same event as this one, the most alike first. */
    async doublesOf(id: RecordId, asking: Asking): Promise<LikelyDouble[]> {
      const record = await mustShow(id, asking);
      const { values, take } = parameters([
        id,
        registerOf(record.register).people,
        record.register,
      ]);
      const { rows } = await pool.query<{ id: RecordId }>(
        `select distinct r.id from record_names n1 join record_names n2 on ${MAY_BE_SAME}
           join records r on r.id = n2.record_id join books b on b.id = r.book_id
          where n1.record_id = $1 and n1.field = any($2::text[]) and b.register = $3
            and ${shown(asking, take)} limit ${MOST_COMPARED}`,
        values,
      );
      const ids = rows.map((row) => row.id);
      const people = await peopleOfRecords(pool, [id, ...ids]);
      const alike = ids.flatMap((other) => {
        const found = doubleOf(record.register, people.get(id)!, people.get(other)!);
        return found ? [{ other, found }] : [];
      });
      const shownRows = await rowsOf(
        pool,
        alike.map(({ other }) => other),
      );
      const said = await saidOf(pool, [id], ['double']);
      return alike
        .map(({ other, found }) => ({
          ...found,
          record: shownRows.get(other)!,
          link: said.get(keyOf(id, other)),
        }))
        .sort(nearestFirst);
    },

    /** Pairs that may be one event, with a record of this book in each; the most alike first. */
    async doublesOfBook(bookId: BookId, limit: number, asking: Asking): Promise<LikelyPair[]> {
      const books = await pool.query<{ register: string }>(
        'select register from books where id = $1',
        [bookId],
      );
      const register = books.rows[0]?.register;
      if (register === undefined) throw new Failure('notFound', 'book');
      const { values, take } = parameters([bookId, registerOf(register).people, register]);
      const { rows } = await pool.query(
        `select distinct least(n1.record_id, r.id) as one, greatest(n1.record_id, r.id) as other
           from records own join record_names n1 on n1.record_id = own.id
           join record_names n2 on ${MAY_BE_SAME}
           join records r on r.id = n2.record_id join books b on b.id = r.book_id
          where own.book_id = $1 and not own.set_aside and n1.field = any($2::text[])
            and b.register = $3 and ${shown(asking, take)} limit ${MOST_PAIRS}`,
        values,
      );
      const pairs = parseRows(PairRow, rows);
      const people = await peopleOfRecords(pool, [
        ...new Set(pairs.flatMap(({ one, other }) => [one, other])),
      ]);
      const alike = pairs
        .flatMap(({ one, other }) => {
          const found = doubleOf(register, people.get(one)!, people.get(other)!);
          return found ? [{ one, other, ...found }] : [];
        })
        .sort(nearestFirst)
        .slice(0, limit);
      const ids = [...new Set(alike.flatMap(({ one, other }) => [one, other]))];
      const [shownRows, said] = await Promise.all([
        rowsOf(pool, ids),
        saidOf(pool, ids, ['double']),
      ]);
      return alike.map(({ one, other, ...found }) => ({
        ...found,
        records: [shownRows.get(one)!, shownRows.get(other)!] as const,
        link: said.get(keyOf(one, other)),
      }));
    },

    /** Records that may be kin of this one, for somebody to confirm. */
    async kinOf(id: RecordId, asking: Asking): Promise<LikelyKin[]> {
      const record = await mustShow(id, asking);
      const found: (Likeness & { relation: KinRelation; other: RecordId })[] = [];
      for (const { relation, registers, same } of KIN) {
        const turned = registers[0] !== record.register;
        if (!registers.includes(record.register)) continue;
        const pairs = same.map(([a, b]) => (turned ? ([b, a] as const) : ([a, b] as const)));
        const register = turned ? registers[0] : registers[1];
        const ids = await namesakes(id, pairs[0]!, register, asking);
        const people = await peopleOfRecords(pool, [id, ...ids]);
        for (const other of ids) {
          const kin = kinOf(pairs, people.get(id)!, people.get(other)!);
          if (kin) found.push({ ...kin, relation, other });
        }
      }
      const [shownRows, said] = await Promise.all([
        rowsOf(
          pool,
          found.map(({ other }) => other),
        ),
        saidOf(pool, [id], ['siblings', 'parentsMarriage']),
      ]);
      return found
        .map(({ other, ...kin }) => ({
          ...kin,
          record: shownRows.get(other)!,
          link: said.get(keyOf(id, other)),
        }))
        .sort(nearestFirst);
    },

    /**
     * Notes what a person says of two records. A second word of the same sort replaces the first, which
     * stays in the table.
     * @throws Failure `notFound` for what they may not see; `invalid` for records that cannot be so linked
     */
    async link(
      input: {
        readonly id: RecordId;
        readonly other: RecordId;
        readonly kind: LinkKind;
        readonly reason: string;
      },
      asking: Asking,
    ): Promise<Link> {
      const { id, kind, reason } = input;
      if (id === input.other) throw new Failure('invalid', 'another record');
      const [mine, its] = [await mustShow(id, asking), await mustShow(input.other, asking)];
      if (!mayLink(kind, mine.register, its.register))
        throw new Failure('invalid', 'records that cannot be so linked');
      const [one, other] = ordered(id, input.other);
      const by = asking.reader.id;
      try {
        return await transaction(pool, async (client) => {
          await client.query(
            `update links set revoked_at = now(), revoked_by = $4
              where one = $1 and other = $2 and revoked_at is null
                and family = case when $3 in ('same', 'different') then 'double' else $3 end`,
            [one, other, kind, by],
          );
          const { rows } = await client.query(
            `insert into links (id, kind, one, other, reason, person_id)
             values ($1, $2, $3, $4, $5, $6) returning *`,
            [randomUUID(), kind, one, other, storable(reason), by],
          );
          return parseOne(Link, rows, 'link');
        });
      } catch (error) {
        if (violated(error) === 'links_live') throw new Failure('conflict', 'said meanwhile');
        throw error;
      }
    },

    /** Takes a word back; it stays in the table. @throws Failure `notFound` */
    async unlink(id: RecordId, link: string, by: PersonId): Promise<void> {
      const { rowCount } = await pool.query(
        `update links set revoked_at = now(), revoked_by = $3
          where id = $2 and (one = $1 or other = $1) and revoked_at is null`,
        [id, link, by],
      );
      if (rowCount === 0) throw new Failure('notFound', 'link');
    },

    /** The confirmed kin of a book's records, in page order. */
    async kinOfBook(bookId: BookId): Promise<KinRow[]> {
      const { rows } = await pool.query(
        `select l.kind, r.id as record_id, r.number, o.id as other_id, o.number as other_number,
                b.register as other_register, b.number as other_book, b.place as other_place,
                l.reason, l.at
           from records r
           join links l on (l.one = r.id or l.other = r.id) and l.revoked_at is null
            and l.family <> 'double'
           join records o on o.id = case when l.one = r.id then l.other else l.one end
           join books b on b.id = o.book_id
          where r.book_id = $1 and not r.set_aside and not o.set_aside
          order by r.document_seq, r.page_index, r.entry, l.at`,
        [bookId],
      );
      return parseRows(KinRow, rows);
    },
  };
}

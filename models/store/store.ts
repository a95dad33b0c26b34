import type { Pool } from 'pg';
import { books } from './books.ts';
import { columns } from './columns.ts';
import { documents } from './documents.ts';
import { exports } from './exports.ts';
import { layouts } from './layouts.ts';
import { changes } from './listen.ts';
import { lookups } from './lookups.ts';
import { organisations } from './organisations.ts';
import { overview } from './overview.ts';
import { pages } from './pages.ts';
import { people } from './people.ts';
import { records } from './records.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { templates } from './templates.ts';
import { verification } from './verify.ts';

/**
 * Everything that is kept, one group of functions for each noun. The database behind `pool` must
 * have been migrated (`migrate.ts`); closing the pool is the caller's.
 */
export function openStore(pool: Pool) {
  return {
    organisations: organisations(pool),
    people: people(pool),
    sessions: sessions(pool),
    settings: settings(pool),
    books: books(pool),
    documents: documents(pool),
    pages: pages(pool),
    layouts: layouts(pool),
    columns: columns(pool),
    lookups: lookups(pool),
    overview: overview(pool),
    records: { ...records(pool), ...verification(pool) },
    templates: templates(pool),
    exports: exports(pool),
    /** Hears of every book that changes, in this process or another. */
    listen: changes(pool).listen,
  };
}

export type Store = ReturnType<typeof openStore>;

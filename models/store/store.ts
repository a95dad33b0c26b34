import type { Pool } from 'pg';
import { accesses } from './accesses.ts';
import { batches } from './batches.ts';
import { books } from './books.ts';
import { checks } from './checks.ts';
import { columns } from './columns.ts';
import { completeness } from './completeness.ts';
import { documents } from './documents.ts';
import { exports } from './exports.ts';
import { heads } from './heads.ts';
import { layouts } from './layouts.ts';
import { leases } from './leases.ts';
import { links } from './links.ts';
import { changes } from './listen.ts';
import { lookups } from './lookups.ts';
import { marks } from './marks.ts';
import { organisations } from './organisations.ts';
import { overview } from './overview.ts';
import { pages } from './pages.ts';
import { people } from './people.ts';
import { projects } from './projects.ts';
import { records } from './records.ts';
import { reports } from './reports.ts';
import { samples } from './samples.ts';
import { scopes } from './scope.ts';
import { search } from './search.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { signIns } from './sign-ins.ts';
import { templates } from './templates.ts';
import { tokens } from './tokens.ts';
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
    signIns: signIns(pool),
    tokens: tokens(pool),
    projects: projects(pool),
    scopes: scopes(pool),
    settings: settings(pool),
    books: books(pool),
    documents: documents(pool),
    pages: pages(pool),
    layouts: layouts(pool),
    columns: columns(pool),
    lookups: lookups(pool),
    links: links(pool),
    overview: overview(pool),
    reports: reports(pool),
    records: { ...records(pool), ...verification(pool), ...search(pool) },
    heads: heads(pool),
    accesses: accesses(pool),
    batches: batches(pool),
    leases: leases(pool),
    marks: marks(pool),
    checks: checks(pool),
    samples: samples(pool),
    completeness: completeness(pool),
    templates: templates(pool),
    exports: exports(pool),
    /** Hears of every book that changes, in this process or another. */
    listen: changes(pool).listen,
  };
}

export type Store = ReturnType<typeof openStore>;

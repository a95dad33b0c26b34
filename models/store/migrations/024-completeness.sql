-- A book is complete when everything that is odd about it has a person's reason.

-- What its closing note says.
alter table books add column closing_note jsonb;

create table book_exceptions (
  id uuid primary key,
  book_id uuid not null references books,
  -- Which oddity, in the words of the program: a gap, a double, a page without an entry.
  key text not null,
  reason text not null,
  person_id uuid not null references people,
  at timestamptz(3) not null default now(),
  revoked_at timestamptz(3),
  revoked_by uuid references people
);
create unique index book_exceptions_live on book_exceptions (book_id, key)
  where revoked_at is null;

-- What was done to a book as a whole, and how it stood then. Append-only.
create table book_events (
  id uuid primary key,
  seq bigint generated always as identity,
  book_id uuid not null references books,
  kind text not null check (kind in ('delivered', 'ready', 'withdrawn', 'transferred')),
  person_id uuid not null references people,
  organisation_id uuid not null references organisations,
  at timestamptz(3) not null default now(),
  data jsonb not null,
  -- Over the last actions of all its records: what exactly was handed over.
  fingerprint char(64) not null
);
create index book_events_book on book_events (book_id, seq desc);

create function refuse_change_of_events() returns trigger language plpgsql as $$
begin
  raise exception 'what was done to a book is append-only'
    using errcode = 'check_violation', constraint = 'book_events_append_only';
end $$;
create trigger book_events_append_only before update or delete on book_events
  for each row execute function refuse_change_of_events();
create trigger book_events_no_truncate before truncate on book_events
  for each statement execute function refuse_change_of_events();

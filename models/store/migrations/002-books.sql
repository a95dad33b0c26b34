-- What came in, and how far the machine has got with it.

create table books (
  id uuid primary key,
  register text not null,
  form text not null,
  form_version integer not null,
  place text not null,
  place_short text not null,
  number text not null,
  opened jsonb,
  closed jsonb,
  policy jsonb not null,
  -- Lower case without diacritics, for finding a book.
  search text not null,
  created_at timestamptz(3) not null default now()
);
create index books_newest on books (created_at desc, id);

create table documents (
  id uuid primary key,
  -- Order of arrival; records are sorted by it.
  seq bigint generated always as identity,
  book_id uuid not null references books,
  name text not null,
  bytes bigint not null,
  sha256 char(64) not null,
  blob_key text not null,
  state text not null default 'waiting' check (state in ('waiting', 'split', 'failed')),
  page_count integer,
  failure jsonb,
  -- Tries of the present run; counted before the work starts.
  attempts integer not null default 0,
  -- Raised whenever somebody asks for the work again; part of the job's id.
  run integer not null default 1,
  created_at timestamptz(3) not null default now(),
  constraint documents_content unique (book_id, sha256)
);
create index documents_pending on documents (seq) where state = 'waiting';

create table pages (
  id uuid primary key,
  document_id uuid not null references documents,
  book_id uuid not null references books,
  index integer not null,
  image_key text not null,
  image_hash char(64) not null,
  width integer not null,
  height integer not null,
  dpi double precision not null,
  source text not null,
  quarter_turns integer not null,
  -- The stage that has yet to run; null when all have.
  next text,
  attempts integer not null default 0,
  run integer not null default 1,
  failure jsonb,
  failed_stage text,
  constraint pages_position unique (document_id, index)
);
create index pages_book on pages (book_id, document_id, index);
create index pages_pending on pages (document_id, index) where next is not null and failure is null;

-- What a stage said about a page. `image_hash` and `version` say about which image, and which
-- version of the stage said it.
create table stage_results (
  page_id uuid not null references pages,
  stage text not null,
  version integer not null,
  image_hash char(64) not null,
  output jsonb not null,
  seconds double precision not null,
  at timestamptz(3) not null default now(),
  primary key (page_id, stage, version, image_hash)
);

-- Where the form lies on the pages of a book: what one page teaches the next.
create table layouts (
  id uuid primary key,
  book_id uuid not null references books,
  form text not null,
  data jsonb not null,
  blob_key text,
  created_at timestamptz(3) not null default now()
);
create index layouts_book on layouts (book_id, created_at);

-- The header row of a template file that a site has loaded.
create table templates (
  id uuid primary key,
  register text not null,
  name text not null,
  header jsonb not null,
  blob_key text,
  created_at timestamptz(3) not null default now()
);

-- A dataset that was made of a book; its files lie among the blobs.
create table exports (
  id uuid primary key,
  book_id uuid not null references books,
  person_id uuid not null references people,
  draft boolean not null,
  summary jsonb not null,
  created_at timestamptz(3) not null default now()
);
create index exports_book on exports (book_id, created_at desc);

-- Tells listeners which book has changed; carries its id and nothing else.
create function notify_book() returns trigger language plpgsql as $$
begin
  perform pg_notify('so_goc', new.book_id::text);
  return null;
end $$;

create trigger documents_arrived after insert on documents
  for each row execute function notify_book();
create trigger documents_changed after update on documents
  for each row when (old.state is distinct from new.state) execute function notify_book();
create trigger pages_arrived after insert on pages
  for each row execute function notify_book();
create trigger pages_changed after update on pages
  for each row when (
    old.next is distinct from new.next or old.failure is distinct from new.failure
  ) execute function notify_book();

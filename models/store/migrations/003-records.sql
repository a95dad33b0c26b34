-- Records and their logs. `actions` is the truth; `records` is what it adds up to.

create table records (
  id uuid primary key,
  book_id uuid not null references books,
  -- Identity: the page on which the entry begins, and which entry of that page it is.
  page_id uuid not null references pages,
  entry integer not null default 0,
  -- Order of the page in its book, copied so that one index sorts a list.
  document_seq bigint not null,
  page_index integer not null,
  status text not null
    check (status in ('prefilled', 'keyed', 'checked', 'returned', 'approved')),
  version integer not null,
  head char(64) not null,
  field_values jsonb not null,
  keyers uuid[] not null default '{}',
  keyer_organisations uuid[] not null default '{}',
  checker uuid,
  names text[] not null default '{}',
  number text,
  registered text,
  doubtful integer not null default 0,
  -- All texts in lower case without diacritics.
  search text not null default '',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint records_entry unique (page_id, entry)
);
create index records_of_book on records (book_id, document_seq, page_index, entry);
create index records_of_book_by_status
  on records (book_id, status, document_seq, page_index, entry);
create index records_by_status on records (status, document_seq, page_index, entry);
create index records_in_order on records (document_seq, page_index, entry);

-- Without the extension a search reads every row: slower, not wrong. It is part of PostgreSQL's
-- contributed modules, and a server may lack it or refuse it to this user.
do $$
begin
  create extension if not exists pg_trgm;
  execute 'create index records_search on records using gin (search gin_trgm_ops)';
exception when others then
  raise notice 'search goes without an index: %', sqlerrm;
end $$;

create trigger records_arrived after insert on records
  for each row execute function notify_book();
create trigger records_changed after update on records
  for each row when (old.version is distinct from new.version) execute function notify_book();

create table record_pages (
  record_id uuid not null references records,
  page_id uuid not null references pages,
  position integer not null,
  box jsonb not null,
  primary key (record_id, position)
);
create index record_pages_page on record_pages (page_id);

create table actions (
  record_id uuid not null references records,
  version integer not null check (version >= 1),
  type text not null
    check (type in ('prefilled', 'keyed', 'checked', 'returned', 'approved', 'reopened')),
  person_id uuid references people,
  organisation_id uuid references organisations,
  -- Milliseconds, as the program hashes them.
  at timestamptz(3) not null,
  seen integer not null check (seen >= 0),
  content jsonb not null,
  previous char(64) not null,
  hash char(64) not null,
  constraint actions_version primary key (record_id, version),
  constraint actions_type check (type = content ->> 'type'),
  constraint actions_author check (
    (type = 'prefilled') = (person_id is null) and (person_id is null) = (organisation_id is null)
  ),
  constraint actions_seen check (seen < version)
);

-- The same effect of a machine is stored once.
create unique index actions_effect on actions (record_id, (content ->> 'effect'))
  where type = 'prefilled';

create function refuse_change_of_log() returns trigger language plpgsql as $$
begin
  raise exception 'the log of actions is append-only'
    using errcode = 'check_violation', constraint = 'actions_append_only';
end $$;

create trigger actions_append_only before update or delete on actions
  for each row execute function refuse_change_of_log();
create trigger actions_no_truncate before truncate on actions
  for each statement execute function refuse_change_of_log();

-- What no program, ours included, may write into a log: a gap, a broken chain, a stranger's name,
-- an approval of what was not checked, or one person (or, by the book's policy, one organisation)
-- on both sides of a check.
create function guard_action() returns trigger language plpgsql as $$
declare
  before record;
  human record;
begin
  -- Writers of one record queue here, so that the checks below see the whole log.
  perform 1 from records where id = new.record_id for update;

  select version, hash into before
    from actions where record_id = new.record_id order by version desc limit 1;
  if new.version <> coalesce(before.version, 0) + 1 then
    raise exception 'version % does not follow %', new.version, coalesce(before.version, 0)
      using errcode = 'check_violation', constraint = 'actions_gapless';
  end if;
  if new.previous <> coalesce(before.hash, repeat('0', 64)) then
    raise exception 'version % does not carry the hash before it', new.version
      using errcode = 'check_violation', constraint = 'actions_chain';
  end if;

  if new.type = 'prefilled' then
    return new;
  end if;

  if not exists (
    select 1 from people
     where id = new.person_id and organisation_id = new.organisation_id and active
  ) then
    raise exception 'no active person of this organisation'
      using errcode = 'check_violation', constraint = 'actions_person';
  end if;

  select type, person_id, content into human
    from actions where record_id = new.record_id and type <> 'prefilled'
   order by version desc limit 1;
  if (new.type = 'checked'
        and not coalesce(human.type = 'keyed' and (human.content ->> 'done')::boolean, false))
     or (new.type = 'approved' and human.type is distinct from 'checked') then
    raise exception '% does not follow %', new.type, coalesce(human.type, 'nothing')
      using errcode = 'check_violation', constraint = 'actions_order';
  end if;

  if new.type in ('checked', 'approved') and (
    exists (
      select 1 from actions
       where record_id = new.record_id and type = 'keyed' and person_id = new.person_id
    )
    or (new.type = 'approved' and human.person_id = new.person_id)
    or exists (
      select 1 from actions a
        join records r on r.id = a.record_id
        join books b on b.id = r.book_id
       where a.record_id = new.record_id and a.type = 'keyed'
         and a.organisation_id = new.organisation_id
         and (b.policy ->> 'otherOrganisation')::boolean
    )
  ) then
    raise exception 'four eyes: % by the hands that keyed or checked', new.type
      using errcode = 'check_violation', constraint = 'actions_four_eyes';
  end if;
  return new;
end $$;

create trigger actions_guard before insert on actions
  for each row execute function guard_action();

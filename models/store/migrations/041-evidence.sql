-- What proves that nobody changed the records behind the program's back, and who has seen them.

-- The version whose hash lies, signed, outside the database. 0: none.
alter table records add column signed_version integer not null default 0;
create index records_unsigned on records (id) where version <> signed_version;

-- Who has read which record or taken which dataset, and what for. Append-only.
create table accesses (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  person_id uuid not null references people,
  what text not null,
  -- The work that the person had it open for, or what they said.
  purpose text not null,
  book_id uuid references books,
  -- The record, page, book or dataset; null for a list over several books.
  thing_id uuid
);
create index accesses_newest on accesses (at desc, id desc);
create index accesses_of_person on accesses (person_id, at desc);
create index accesses_of_thing on accesses (thing_id, at desc);

create function refuse_change_of_accesses() returns trigger language plpgsql as $$
begin
  raise exception 'who has read what is append-only'
    using errcode = 'check_violation', constraint = 'accesses_append_only';
end $$;
create trigger accesses_append_only before update or delete on accesses
  for each row execute function refuse_change_of_accesses();
create trigger accesses_no_truncate before truncate on accesses
  for each statement execute function refuse_change_of_accesses();

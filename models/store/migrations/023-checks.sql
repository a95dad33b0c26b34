-- What a checker has compared with the page, field by field, and samples for the approver.

-- For the values as they were at this version of the record; after a change all is compared anew.
create table checks (
  record_id uuid not null references records,
  person_id uuid not null references people,
  values_version integer not null,
  field text not null,
  at timestamptz(3) not null default now(),
  primary key (record_id, person_id, values_version, field)
);

-- The last action that could change a value or who answers for it.
alter table records add column values_version integer not null default 0;
update records r set values_version = coalesce((
  select max(version) from actions a
   where a.record_id = r.id and a.type not in ('prefilled', 'checked', 'approved')), 0);

create table samples (
  id uuid primary key,
  book_id uuid not null references books,
  -- More wrong records than `accept` among those drawn: the lot goes back.
  accept integer not null,
  drawn_by uuid not null references people,
  drawn_at timestamptz(3) not null default now()
);
create index samples_book on samples (book_id, drawn_at desc);

create table sample_records (
  sample_id uuid not null references samples,
  record_id uuid not null references records,
  values_version integer not null,
  fields integer not null,
  -- The wrong fields with a code each; null until somebody has looked.
  errors jsonb,
  judged_by uuid references people,
  judged_at timestamptz(3),
  primary key (sample_id, record_id)
);
create index sample_records_record on sample_records (record_id);

-- Handing work out: batches, leases, and what people say about a record that they cannot finish.

create table batches (
  id uuid primary key,
  book_id uuid not null references books,
  work text not null,
  person_id uuid not null references people,
  name text not null,
  created_by uuid not null references people,
  created_at timestamptz(3) not null default now(),
  revoked_at timestamptz(3)
);
create index batches_book on batches (book_id, created_at desc);
create index batches_person on batches (person_id) where revoked_at is null;

create table batch_records (
  batch_id uuid not null references batches,
  record_id uuid not null references records,
  work text not null,
  person_id uuid not null references people,
  -- False once the batch is revoked.
  live boolean not null default true,
  primary key (batch_id, record_id)
);
-- A record lies in one batch at a time, for each kind of work.
create unique index batch_records_live on batch_records (record_id, work) where live;
create index batch_records_person on batch_records (person_id, work) where live;

-- Who has a record open. One that is past its time is nobody's.
create table leases (
  record_id uuid primary key references records,
  person_id uuid not null references people,
  work text not null,
  since timestamptz(3) not null default now(),
  until timestamptz(3) not null
);
create index leases_person on leases (person_id, until);

-- skip: not I. flag: somebody should look. ask: a question that wants an answer.
create table marks (
  id uuid primary key,
  record_id uuid not null references records,
  person_id uuid not null references people,
  kind text not null check (kind in ('skip', 'flag', 'ask')),
  field text,
  text text not null,
  at timestamptz(3) not null default now(),
  closed_at timestamptz(3),
  closed_by uuid references people,
  answer text
);
create index marks_open on marks (record_id) where closed_at is null;
create index marks_newest on marks (at desc, id);


-- What people say of two records: one event registered twice or not, and kin. Kept beside the records,
-- which stay as they are. Whoever takes it back is kept too.
create table links (
  id uuid primary key,
  -- `same`, `different`: one event or two. `siblings`, `parentsMarriage`: kin.
  kind text not null check (kind in ('same', 'different', 'siblings', 'parentsMarriage')),
  family text not null generated always as
    (case when kind in ('same', 'different') then 'double' else kind end) stored,
  -- In the order of their ids.
  one uuid not null references records,
  other uuid not null references records,
  reason text not null,
  person_id uuid not null references people,
  at timestamptz(3) not null default now(),
  revoked_at timestamptz(3),
  revoked_by uuid references people,
  constraint links_order check (one < other)
);
create unique index links_live on links (one, other, family) where revoked_at is null;
create index links_other on links (other) where revoked_at is null;

-- Who works here. Roles and kinds are checked by the program's schemas when read and written.

create table organisations (
  id uuid primary key,
  name text not null constraint organisations_name unique,
  kind text not null,
  created_at timestamptz(3) not null default now()
);

create table people (
  id uuid primary key,
  organisation_id uuid not null references organisations,
  login text not null constraint people_login unique,
  name text not null,
  roles text[] not null,
  active boolean not null default true,
  password_hash text not null,
  created_at timestamptz(3) not null default now()
);

-- The cookie's token is kept as a hash only.
create table sessions (
  token_hash text primary key,
  person_id uuid not null references people on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz(3) not null default now()
);
create index sessions_person on sessions (person_id);
create index sessions_expiry on sessions (expires_at);

create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz(3) not null default now()
);

-- Who may see which books, how work is divided in a project, and second factors.

-- Null: every book of this site.
alter table people add column scope jsonb;
alter table people add column totp_secret text;
alter table people add column totp_confirmed boolean not null default false;
-- The last time step whose code was used: no code counts twice.
alter table people add column totp_step bigint not null default 0;

-- Wrong passwords in a row, by login; also of logins that nobody has, so that a lock tells nothing.
create table sign_in_failures (
  login text primary key,
  tries integer not null,
  locked_until timestamptz,
  at timestamptz not null default now()
);

-- For programs. Only the hash of a token is kept.
create table api_tokens (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  name text not null,
  token_hash char(64) not null unique,
  scopes text[] not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index api_tokens_person on api_tokens (person_id);

create table projects (
  id uuid primary key,
  name text not null constraint projects_name unique,
  policy jsonb not null,
  created_at timestamptz(3) not null default now()
);
insert into projects (id, name, policy)
values (gen_random_uuid(), 'Số hóa sổ hộ tịch', '{}');

-- The administrative unit that keeps the book, from the commune up: "Xã A, Huyện B, Tỉnh C".
alter table books add column unit text;
update books set unit = place;
alter table books alter column unit set not null;
alter table books add column project_id uuid references projects;
update books set project_id = (select id from projects limit 1);
alter table books alter column project_id set not null;
create index books_project on books (project_id);

-- Blind second keying and arbitration.

alter table records drop constraint records_status_check;
alter table records add constraint records_status_check check (status in
  ('prefilled', 'keyed', 'secondKeying', 'arbitration', 'checked', 'returned', 'approved'));
-- Who keyed what the first reading says; who keyed the second; who decided between them.
alter table records add column first_keyers uuid[] not null default '{}';
alter table records add column second_keyer uuid;
alter table records add column arbiters uuid[] not null default '{}';
update records set first_keyers = keyers where keyers <> '{}';
create index records_returned on records using gin (first_keyers) where status = 'returned';

-- Who has been shown the readings of a record that is keyed twice: they cannot be the second.
create table sights (
  record_id uuid not null references records,
  person_id uuid not null references people,
  at timestamptz(3) not null default now(),
  primary key (record_id, person_id)
);

alter table actions drop constraint actions_type_check;
alter table actions add constraint actions_type_check check (type in
  ('prefilled', 'keyed', 'secondKeyed', 'arbitrated', 'checked', 'returned', 'approved', 'reopened'));

-- As before, and: a second keying by other eyes, an arbitration by a third person, no keying of
-- what is closed, no approval over an open question, organisations as the project says.
create or replace function guard_action() returns trigger language plpgsql as $$
declare
  before record;
  human record;
  rules jsonb;
  kind text;
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

  select b.policy into rules
    from records r join books b on b.id = r.book_id where r.id = new.record_id;
  select type, person_id, content into human
    from actions where record_id = new.record_id and type <> 'prefilled'
   order by version desc limit 1;

  if not (case new.type
    when 'keyed' then human.type is null or human.type in ('returned', 'reopened')
      or (human.type = 'keyed' and not (human.content ->> 'done')::boolean)
    when 'secondKeyed' then human.type = 'keyed' and (human.content ->> 'done')::boolean
      and coalesce(human.content -> 'second', '[]') <> '[]'
    when 'arbitrated' then human.type = 'secondKeyed' and human.content -> 'differs' <> '[]'
    when 'checked' then
      (human.type = 'keyed' and (human.content ->> 'done')::boolean
        and coalesce(human.content -> 'second', '[]') = '[]')
      or (human.type = 'secondKeyed' and human.content -> 'differs' = '[]')
      or human.type = 'arbitrated'
    when 'returned' then human.type in ('keyed', 'secondKeyed', 'arbitrated', 'checked')
    when 'approved' then human.type = 'checked'
    when 'reopened' then human.type = 'approved'
  end) is true then
    raise exception '% does not follow %', new.type, coalesce(human.type, 'nothing')
      using errcode = 'check_violation', constraint = 'actions_order';
  end if;

  -- All of a page is keyed twice where the book says so.
  if new.type = 'keyed' and (new.content ->> 'done')::boolean
     and rules #>> '{keying,kind}' = 'double' and coalesce(new.content -> 'second', '[]') = '[]'
     and not exists (select 1 from actions
                      where record_id = new.record_id and type = 'secondKeyed') then
    raise exception 'this book is keyed twice'
      using errcode = 'check_violation', constraint = 'actions_order';
  end if;
  -- An answer for each field that was asked, and a decision for each that differs.
  if (new.type = 'secondKeyed' and exists (
        select 1 from jsonb_array_elements_text(human.content -> 'second') f
         where not new.content -> 'values' ? f))
     or (new.type = 'arbitrated' and exists (
        select 1 from jsonb_array_elements_text(human.content -> 'differs') f
         where not new.content -> 'values' ? f)) then
    raise exception '% leaves a field open', new.type
      using errcode = 'check_violation', constraint = 'actions_order';
  end if;

  if (new.type in ('checked', 'approved') and (
    exists (
      select 1 from actions
       where record_id = new.record_id and type in ('keyed', 'secondKeyed', 'arbitrated')
         and (person_id = new.person_id
              or (organisation_id = new.organisation_id
                  and (rules ->> 'otherOrganisation')::boolean))
    )
    or (new.type = 'approved' and human.person_id = new.person_id)
  )) or (new.type = 'secondKeyed' and (
    exists (
      select 1 from actions
       where record_id = new.record_id and type in ('keyed', 'arbitrated')
         and person_id = new.person_id
    )
    or exists (
      select 1 from sights where record_id = new.record_id and person_id = new.person_id
    )
  )) or (new.type = 'arbitrated' and (
    human.person_id = new.person_id
    or exists (
      select 1 from actions
       where record_id = new.record_id and type = 'keyed' and person_id = new.person_id
    )
  )) then
    raise exception 'four eyes: % by the hands that keyed or checked', new.type
      using errcode = 'check_violation', constraint = 'actions_four_eyes';
  end if;

  if new.type in ('checked', 'approved') then
    select o.kind into kind from organisations o where o.id = new.organisation_id;
    if not coalesce(
      (rules -> (case new.type when 'checked' then 'checkers' else 'approvers' end)) ? kind, true
    ) then
      raise exception '% by an organisation of another kind', new.type
        using errcode = 'check_violation', constraint = 'actions_organisation';
    end if;
  end if;
  if new.type = 'approved' and exists (
    select 1 from marks
     where record_id = new.record_id and closed_at is null and marks.kind <> 'skip'
  ) then
    raise exception 'an open question'
      using errcode = 'check_violation', constraint = 'actions_deviation';
  end if;
  return new;
end $$;

-- Finding people by their names, with and without diacritics and over a typing slip.

create function fold_text(t text) returns text language sql immutable strict parallel safe as $$
  -- Small letters last: a server's locale may know those without marks only.
  select btrim(regexp_replace(lower(translate(
    regexp_replace(normalize(t, NFD), '[\u0300-\u036f]+', '', 'g'), 'đĐ', 'dd')),
    '\s+', ' ', 'g'))
$$;

-- The people of a record by the field that names them; not the officials. Part of what the log adds up
-- to, as `records` is.
create table record_names (
  record_id uuid not null references records,
  field text not null,
  name text not null,
  -- Lower case without diacritics.
  folded text not null,
  syllables text[] not null,
  -- As far as it is known: 1987, 1987-04, 1987-04-05.
  born text,
  primary key (record_id, field)
);
create index record_names_syllables on record_names using gin (syllables);
create index record_names_folded on record_names (folded, field);
create index record_names_born on record_names (born, field) where length(born) = 10;

-- Every syllable that some name has: few enough to compare a slip with each.
create table name_syllables (syllable text primary key);

alter table records add column registered_on date;
create index records_registered on records (registered_on) where registered_on is not null;

create function iso_of(shown text) returns text language sql immutable strict parallel safe as $$
  select case
    when shown ~ '^\d\d\.\d\d\.\d{4}$'
      then right(shown, 4) || '-' || substr(shown, 4, 2) || '-' || left(shown, 2)
    when shown ~ '^\d\d\.\d{4}$' then right(shown, 4) || '-' || left(shown, 2)
    when shown ~ '^\d{4}$' then shown
  end
$$;

update records set registered_on = iso_of(field_values -> 'ngayDangKy' ->> 'normalized')::date
 where field_values -> 'ngayDangKy' ->> 'normalized' ~ '^\d\d\.\d\d\.\d{4}$';
insert into record_names
select r.id, v.key, v.value ->> 'text', fold_text(v.value ->> 'text'),
       string_to_array(fold_text(v.value ->> 'text'), ' '),
       iso_of(r.field_values -> replace(v.key, 'HoTen', 'NgaySinh') ->> 'normalized')
  from records r, jsonb_each(r.field_values) v
 where v.key like '%HoTen' and v.value ->> 'state' = 'written'
   and fold_text(coalesce(v.value ->> 'text', '')) <> '';
insert into name_syllables select distinct unnest(syllables) from record_names;
drop function iso_of(text);

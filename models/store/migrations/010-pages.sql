-- What a page is, and what keeps the machine from reading it.

alter table pages
  add column kind text check (kind in ('cover', 'entry', 'closing', 'blank', 'other')),
  add column kind_by text check (kind_by in ('machine', 'person')),
  add column excluded boolean not null default false,
  -- Unlike a failure it stops nothing: the page's record begins empty, or there is none.
  add column reason jsonb,
  add column quality jsonb,
  -- How it is shown, once measured: quarter turns, and the flat sheet where its image is a photo or
  -- a spread.
  add column shown jsonb,
  -- The right page of a spread is a row of its own with part 1 and the same image.
  add column part integer not null default 0 check (part in (0, 1)),
  drop constraint pages_position,
  add constraint pages_position unique (document_id, index, part);

-- The record of a page that a person has said to be none: kept with its log, in no list.
alter table records add column set_aside boolean not null default false;

drop trigger pages_changed on pages;
create trigger pages_changed after update on pages
  for each row when (
    old.next is distinct from new.next or old.failure is distinct from new.failure
    or old.kind is distinct from new.kind or old.excluded is distinct from new.excluded
  ) execute function notify_book();

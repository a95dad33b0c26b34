-- What people did on the last days, without reading the whole log.
create index actions_of_people_in_time on actions (at) where person_id is not null;

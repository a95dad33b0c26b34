-- Puts right what earlier programs left.

-- A page of a document is one image, also where the image shows two pages of the book.
update documents set page_count = (
    select count(*) from pages where document_id = documents.id and part = 0)
 where page_count is not null;

-- Units are compared as they are written: in NFC, with single blanks. Those taken from a book's place
-- were not.
update books set unit = btrim(regexp_replace(normalize(unit, NFC), '[\s\u00a0\u2000-\u200a\u202f\u3000\ufeff]+', ' ', 'g'))
 where unit <> btrim(regexp_replace(normalize(unit, NFC), '[\s\u00a0\u2000-\u200a\u202f\u3000\ufeff]+', ' ', 'g'));

-- What was handed to people who are gone is for everybody again.
update batch_records br set live = false
  from people p where p.id = br.person_id and not p.active and br.live;
update batches ba set revoked_at = now()
  from people p where p.id = ba.person_id and not p.active and ba.revoked_at is null;
delete from leases l using people p where p.id = l.person_id and not p.active;

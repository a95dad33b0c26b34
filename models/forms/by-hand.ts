import type { Register } from '../registers/define.ts';
import { REGISTERS } from '../registers/registry.ts';
import { btp1437 } from '../templates/btp-1437.ts';
import { defineForm, type Form } from './define.ts';

/**
 * Pages of which no source says what is printed on them: births and deaths before 2006, whatever is
 * older than 1999, divorces abroad. Nothing is read there; the form only gives a record the fields
 * of its register, so that a person may key them and no book is turned away. It asks what the
 * template has a column for; a page without one of them is answered so by the keyer.
 */
function byHand(register: Register): Form {
  const columns = btp1437.registers[register.code]?.columns.map((c) => c.key);
  const keys = columns ?? Object.keys(register.fields);
  const fromBook = ['quyenSo', 'noiDangKy', 'noiCap'].filter((key) => register.fields[key]);
  return defineForm({
    id: `by-hand-${register.code.toLowerCase()}`,
    version: 1,
    register: register.code,
    vi: `${register.vi}, không rõ mẫu, nhập tay`,
    en: `${register.en}, print unknown, keyed by hand`,
    era: { from: 1900 },
    paper: 'A4',
    entriesPerPage: 1,
    confirmation: 'unconfirmed',
    source: 'None: the print of these pages is not known, only the fields of their register',
    print: 'unknown',
    lines: keys.filter((key) => !fromBook.includes(key)).map((key) => [{ blank: [key] }]),
    fromBook,
  });
}

/** One for each register, in the registers' order. */
export const BY_HAND: readonly Form[] = Object.values(REGISTERS).map(byHand);

import { REGISTERS } from '../registers/registry.ts';
import { defineTemplate } from './define.ts';

/**
 * Every field of every register, in the register's own order. A convention of this project: the
 * only template of registers for which no national one is known, and one that drops nothing for
 * the others.
 */
export const soGoc = defineTemplate({
  id: 'so-goc',
  version: 1,
  vi: 'Quy ước của Sổ Gốc (không phải mẫu quốc gia)',
  en: 'Convention of Sổ Gốc (no national format)',
  national: false,
  headers: 'unconfirmed',
  source: 'This project.',
  sheetName: 'So Goc',
  fileNames: {
    stem: '{place}-{TYPE}.{YEAR}.{BOOK}',
    pdf: '{TYPE}.{YEAR}.{BOOK}.{DATE}.{NUMBER}.pdf',
    numberWidth: 3,
  },
  registers: Object.fromEntries(
    Object.values(REGISTERS).map((register) => [
      register.code,
      {
        confirmation:
          register.confirmation === 'confirmed' ? 'projectConvention' : register.confirmation,
        note: register.status,
        columns: Object.keys(register.fields).join(' '),
      },
    ]),
  ),
});

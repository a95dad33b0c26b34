import type { KinRow } from '../../models/store/links.ts';
import { BYTE_ORDER_MARK, csvLine } from './text.ts';

const HEADER = [
  'relation',
  'recordId',
  'number',
  'otherRecordId',
  'otherNumber',
  'otherRegister',
  'otherBook',
  'otherPlace',
  'reason',
  'confirmedAt',
];

/** The kin that people have confirmed, as CSV: a table of its own, in no template of the ministry. */
export async function* kinTable(rows: readonly KinRow[]): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK;
  yield csvLine(HEADER);
  for (const row of rows)
    yield csvLine([
      row.kind,
      row.recordId,
      row.number ?? '',
      row.otherId,
      row.otherNumber ?? '',
      row.otherRegister,
      row.otherBook,
      row.otherPlace,
      row.reason,
      row.at.toISOString(),
    ]);
}

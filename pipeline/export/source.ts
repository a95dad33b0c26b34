import { RecordStatus } from '../../models/actions.ts';
import type { BookId } from '../../models/ids.ts';
import { registerOf } from '../../models/registers/registry.ts';
import type { System } from '../system.ts';
import { type ExportPage, type ExportPlan, planRow, type Row } from './dataset.ts';
import type { StatusCounts } from './manifest.ts';
import { reason } from './refusals.ts';
import { chooseTemplate } from './site-settings.ts';

/** What an export needs of the running system. */
export type ExportSystem = Pick<System, 'store' | 'blobs'>;

/** Which records go out, and in which form. */
export interface Selection {
  readonly bookId: BookId;
  /** Also records that are not approved: `DRAFT` stands in every file name and in the manifest. */
  readonly draft: boolean;
  /** An id of ours (`btp-1437`) or of a loaded file; without it the site's choice, else ours. */
  readonly templateId?: string | undefined;
}

/**
 * What an export is made from; `rows` reads the selected records in the order of the book.
 * @throws Failure `notFound` for an unknown book or template.
 */
export async function openSource(system: ExportSystem, { bookId, draft, templateId }: Selection) {
  const { store, blobs } = system;
  const book = await store.books.byId(bookId);
  const register = registerOf(book.register);
  const chosen = await chooseTemplate(system, register.code, templateId);
  const { template, sheet, site } = chosen;
  const columns = site?.file.columns ?? sheet.columns;
  const habits = await store.books.habits(bookId);
  const plan: ExportPlan = { book, habits, register, template, columns, draft };
  const inBook: StatusCounts = (await store.books.summary(bookId)).records;

  // Several records can lie on one page: its image is looked for once.
  const looked = new Map<string, Promise<boolean>>();
  const hasImage = ({ imageKey }: ExportPage) => {
    const answer = looked.get(imageKey) ?? blobs.has(imageKey);
    looked.set(imageKey, answer);
    return answer;
  };
  async function* rows(): AsyncGenerator<Row> {
    const statuses = draft ? RecordStatus.options : (['approved'] as const);
    for await (const { pages, ...record } of store.records.forExport(bookId, statuses)) {
      const row = planRow(
        {
          ...record,
          pages: pages.map(({ imageKey, imageHash, index, dpi, quarterTurns }) => ({
            imageKey,
            imageHash,
            index,
            dpi,
            quarterTurns,
          })),
        },
        plan,
      );
      const there = await Promise.all(row.pages.map(hasImage));
      if (there.every(Boolean)) yield row;
      else yield { ...row, reasons: [...row.reasons, reason('imageMissing')] };
    }
  }
  return { plan, chosen, inBook, rows, kin: () => store.links.kinOfBook(bookId) };
}

export type Source = Awaited<ReturnType<typeof openSource>>;

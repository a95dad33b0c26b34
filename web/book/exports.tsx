import { Badge, Button, Group, Text } from '@mantine/core';
import type { BookSummary, ExportAnswer } from '../../api/contract.ts';
import { useExport, useExports } from '../calls/queries.ts';
import { Trouble } from '../parts/problem.tsx';
import { addressOf } from '../router.ts';
import { useLanguage, useTexts } from '../text/language.tsx';
import { sizeText } from './upload-panel.tsx';

/** Makes datasets of a book and offers their files. */
export function Exports({
  bookId,
  records,
}: {
  readonly bookId: string;
  readonly records: BookSummary['records'];
}) {
  const texts = useTexts();
  const exports = useExports(bookId);
  const make = useExport(bookId);
  const items = exports.data?.items ?? [];
  const all = Object.values(records).reduce((sum, n) => sum + n, 0);
  return (
    <section className="panel" aria-labelledby="exports">
      <h2 id="exports">{texts.exports}</h2>
      <Group gap="xs" mt={6}>
        <Button
          size="compact-sm"
          loading={make.isPending && !make.variables?.draft}
          disabled={records.approved === 0 || make.isPending}
          onClick={() => make.mutate({ draft: false })}
        >
          {texts.exportApproved} ({records.approved})
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={make.isPending && make.variables?.draft === true}
          disabled={all === 0 || make.isPending}
          onClick={() => make.mutate({ draft: true })}
        >
          {texts.exportDraft}
        </Button>
      </Group>
      <p role="status" className="small">
        {make.isPending && texts.exporting}
      </p>
      {make.error && <Trouble error={make.error} />}
      {exports.isError && <Trouble error={exports.error} again={() => void exports.refetch()} />}
      {exports.isSuccess && items.length === 0 && <p className="small">{texts.noExports}</p>}
      <ul className="plain">
        {items.map((item) => (
          <ExportLine key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function ExportLine({ item }: { readonly item: ExportAnswer }) {
  const { texts, language } = useLanguage();
  const at = new Date(item.createdAt).toLocaleString(texts.locale, {
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (
    <li className="export">
      <Text size="sm">
        {item.draft && (
          <Badge color="orange" variant="light" radius="sm" size="sm" mr={6}>
            {texts.draft}
          </Badge>
        )}
        {at} · {item.by.name} · {texts.exportSummary(item.records)}
      </Text>
      <ul className="files">
        {item.files.map((file) => (
          <li key={file.name}>
            <a
              href={`/api/exports/${item.id}/files/${encodeURIComponent(file.name)}`}
              download={file.name}
            >
              {file.name}
            </a>{' '}
            <span className="dim nowrap">{sizeText(file.bytes, texts)}</span>
          </li>
        ))}
      </ul>
      {item.refused.length > 0 && (
        <details>
          <summary className="warn small">
            {item.draft
              ? texts.refusedInDraft(item.refused.length)
              : texts.refusedRecords(item.refused.length)}
          </summary>
          <ul className="files">
            {item.refused.map(({ recordId, number, reasons }) => (
              <li key={recordId}>
                <a href={addressOf({ at: 'record', id: recordId })}>
                  {number ? texts.recordTitle(number) : texts.openRecord}
                </a>
                : {reasons.map((r) => r[language]).join('; ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import type {
  BookSummary,
  DocumentAnswer,
  PageAnswer,
  PageChangeRequest,
  PageList,
  SessionAnswer,
} from '../../api/contract.ts';
import { usePageChange, usePagePlaces, usePages } from '../calls/queries.ts';
import { loaded, More } from '../parts/list.tsx';
import { isWorking } from '../parts/pages-bar.tsx';
import { sentence, sentenceOf, Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

const KINDS = ['entry', 'cover', 'closing', 'blank', 'other'] as const;
type Kind = (typeof KINDS)[number];

/** Below the strip: what the pages of a book are, and those that need a person's eye. */
export function Pages({
  book,
  documents,
  session,
}: {
  readonly book: BookSummary;
  readonly documents: readonly DocumentAnswer[];
  readonly session: SessionAnswer;
}) {
  const texts = useTexts();
  const { pageKinds: kinds } = book;
  const without = kinds.cover + kinds.closing + kinds.blank + book.pagesExcluded;
  const lists = [
    ['byHand', book.pagesByHand],
    ['rescan', book.pagesToRescan],
    ['withoutRecord', without],
  ] as const satisfies readonly (readonly [PageList, number])[];
  const filled = lists.filter(([, n]) => n > 0).map(([list]) => list);
  const [wanted, setWanted] = useState<(typeof lists)[number][0]>();
  const list = wanted ?? filled[0] ?? 'byHand';
  const pages = usePages(book.id, list, filled.length > 0);
  const placeOf = usePagePlaces(book.id, isWorking(book));
  const change = usePageChange(book.id);
  const { items, total } = loaded(pages);
  const counted = KINDS.filter((kind) => kinds[kind] > 0);
  if (counted.length === 0 && filled.length === 0) return null;
  return (
    <div className="page-lists">
      <p className="small">
        <strong>{texts.pageKind}</strong>{' '}
        {counted.map((kind) => `${texts.pageKinds[kind]}: ${kinds[kind]}`).join(' · ')}
      </p>
      {filled.length > 0 && (
        <Group gap="xs">
          {lists.map(([name, n]) => (
            <Button
              key={name}
              size="compact-xs"
              variant={name === list ? 'filled' : 'default'}
              aria-pressed={name === list}
              onClick={() => setWanted(name)}
            >
              {texts.pageLists[name]} ({n})
            </Button>
          ))}
        </Group>
      )}
      <p role="status" className="small">
        {change.error && sentenceOf(change.error, texts)}
      </p>
      <ul className="plain">
        {items.map((page) => (
          <PageLine
            key={page.id}
            page={page}
            // Both pages of a spread lie at the same place in their file.
            name={texts.page(placeOf(page.id) ?? page.index + 1)}
            document={documents.find((d) => d.id === page.documentId)?.name ?? ''}
            change={
              session.abilities.includes('retry') && !change.isPending
                ? (said) => change.mutate({ id: page.id, said })
                : undefined
            }
          />
        ))}
      </ul>
      {filled.length > 0 && <More query={pages} shown={items.length} total={total} />}
      {pages.isError && <Trouble error={pages.error} again={() => void pages.refetch()} />}
    </div>
  );
}

function PageLine({
  page,
  name,
  document,
  change,
}: {
  readonly page: PageAnswer;
  readonly name: string;
  readonly document: string;
  readonly change: ((said: PageChangeRequest) => void) | undefined;
}) {
  const texts = useTexts();
  const problems = page.quality?.problems ?? [];
  return (
    <li>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div>
          <Text size="sm">
            {name}
            <span className="dim"> · {document}</span>
          </Text>
          {page.excluded && <Text size="xs">{texts.excluded}</Text>}
          {problems.length > 0 && (
            <Text size="xs" className="warn">
              {problems.map((problem) => texts.qualityProblems[problem]).join(', ')}
            </Text>
          )}
          {page.reason && <Text size="xs">{sentence(page.reason, texts)}</Text>}
        </div>
        <Group gap={4} wrap="nowrap">
          <NativeSelect
            size="xs"
            aria-label={`${texts.pageKind}: ${name}`}
            disabled={!change}
            value={page.kind ?? ''}
            onChange={(event) => change?.({ kind: event.currentTarget.value as Kind })}
            data={[
              ...(page.kind ? [] : [{ value: '', label: '' }]),
              ...KINDS.map((kind) => ({ value: kind, label: texts.pageKinds[kind] })),
            ]}
          />
          {change && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`${page.excluded ? texts.include : texts.exclude}: ${name}`}
              onClick={() => change({ excluded: !page.excluded })}
            >
              {page.excluded ? texts.include : texts.exclude}
            </Button>
          )}
        </Group>
      </Group>
    </li>
  );
}

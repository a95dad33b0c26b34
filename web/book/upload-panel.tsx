import { ActionIcon, Button, Group, Progress, Text } from '@mantine/core';
import { type DragEvent, useRef, useState, useSyncExternalStore } from 'react';
import { sentence } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';
import type { Texts } from '../text/vi.ts';
import { filesOf, isPdf } from './dropped.ts';
import {
  addFiles,
  canResume,
  pause,
  readUploads,
  remove,
  resume,
  subscribeUploads,
  type UploadItem,
} from './uploads.ts';

const MEGABYTE = 1024 * 1024;

/** Bytes for people: 12 kB, 3.6 MB, 120 MB. */
export function sizeText(bytes: number, texts: Texts): string {
  const mb = bytes / MEGABYTE;
  if (mb < 0.1) return `${Math.ceil(bytes / 1024)} kB`;
  const digits = mb < 10 ? 1 : 0;
  return `${mb.toLocaleString(texts.locale, { maximumFractionDigits: digits })} MB`;
}

/** Takes PDFs by choosing or dropping, and shows how far each one is. */
export function UploadPanel({
  bookId,
  maxBytes,
  received,
}: {
  readonly bookId: string;
  readonly maxBytes: number;
  readonly received: () => void;
}) {
  const texts = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const items = useSyncExternalStore(subscribeUploads, readUploads).filter(
    (i) => i.bookId === bookId,
  );
  const take = (files: FileList | null) => {
    const pdfs = [...(files ?? [])].filter(isPdf);
    if (pdfs.length > 0) addFiles(bookId, pdfs, maxBytes, received);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = await filesOf(event.dataTransfer);
    if (files.length > 0) addFiles(bookId, files, maxBytes, received);
  };
  return (
    <section aria-label={texts.upload}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside */}
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => void drop(event)}
      >
        <span>{texts.dropHere}</span>
        <Button size="compact-sm" variant="default" onClick={() => input.current?.click()}>
          {texts.chooseFiles}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => folder.current?.click()}>
          {texts.chooseFolder}
        </Button>
        <input
          ref={(element) => {
            folder.current = element;
            // React knows no property for it.
            element?.setAttribute('webkitdirectory', '');
          }}
          type="file"
          multiple
          hidden
          aria-label={texts.chooseFolder}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
        <input
          ref={input}
          type="file"
          accept="application/pdf,.pdf"
          multiple
          hidden
          aria-label={texts.chooseFiles}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {items.length > 0 && (
        <ul className="uploads">
          {items.map((item) => (
            <UploadLine key={item.id} item={item} maxBytes={maxBytes} texts={texts} />
          ))}
        </ul>
      )}
    </section>
  );
}

function UploadLine({
  item,
  maxBytes,
  texts,
}: {
  readonly item: UploadItem;
  readonly maxBytes: number;
  readonly texts: Texts;
}) {
  const percent = item.bytes === 0 ? 100 : Math.round((100 * item.sent) / item.bytes);
  const unfinished = ['waiting', 'sending', 'paused'].includes(item.state);
  const word =
    item.state === 'sending' ? `${percent} %` : texts.uploadStates[item.state as 'waiting'];
  return (
    <li className={`upload upload-${item.state}`}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" truncate title={item.name}>
          {item.name}
        </Text>
        <Group gap={6} wrap="nowrap">
          <Text size="xs" className="nowrap" role="status">
            {word} · {sizeText(item.bytes, texts)}
          </Text>
          {item.state === 'sending' || item.state === 'waiting' ? (
            <Button size="compact-xs" variant="default" onClick={() => pause(item.id)}>
              {texts.pause}
            </Button>
          ) : null}
          {(item.state === 'paused' || item.state === 'failed') && canResume(item) ? (
            <Button size="compact-xs" variant="default" onClick={() => resume(item.id)}>
              {texts.resume}
            </Button>
          ) : null}
          {item.state !== 'sending' && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`${texts.removeFromList}: ${item.name}`}
              onClick={() => remove(item.id)}
            >
              ×
            </ActionIcon>
          )}
        </Group>
      </Group>
      {unfinished && <Progress value={percent} size={4} aria-label={item.name} />}
      {item.state === 'duplicate' && (
        <Text size="xs" className="warn">
          {texts.duplicateOf(item.documentName ?? item.name)}
        </Text>
      )}
      {item.state === 'failed' && (
        <Text size="xs" className="warn" role="alert">
          {item.tooLarge
            ? texts.tooLarge(sizeText(maxBytes, texts))
            : item.problem
              ? sentence(item.problem, texts)
              : texts.uploadBroken}
        </Text>
      )}
    </li>
  );
}

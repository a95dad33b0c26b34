import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTexts } from '../text/language.tsx';

/** What stands in a search box, and what is asked for once the typing rests. */
export function useSearch() {
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  return { search, setSearch, wanted };
}

export function SearchBox({
  label,
  size,
  value,
  onChange,
}: {
  readonly label: string;
  readonly size: 'xs' | 'sm';
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <TextInput
      type="search"
      size={size}
      w={size === 'xs' ? 240 : 280}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The list that an endless query has loaded so far. */
export function loaded<T>(query: {
  readonly data?:
    | { readonly pages: readonly { readonly items: readonly T[]; readonly total: number }[] }
    | undefined;
}): { readonly items: readonly T[]; readonly total: number } {
  const pages = query.data?.pages ?? [];
  return { items: pages.flatMap((p) => p.items), total: pages[0]?.total ?? 0 };
}

/** Loads the next part of a list; nothing once all of it is there. */
export function More({
  query,
  shown,
  total,
}: {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly shown: number;
  readonly total: number;
}) {
  const texts = useTexts();
  if (!query.hasNextPage) return null;
  return (
    <Group justify="center" mt="sm">
      <Button
        size="compact-sm"
        variant="default"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {texts.more} ({texts.countShown(shown, total)})
      </Button>
    </Group>
  );
}

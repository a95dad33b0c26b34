import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { BookSummary, FormAnswer } from '../../api/contract.ts';
import { inputOf, policyOf, wrongIn } from '../books/policy.ts';
import { PolicyFields } from '../books/policy-fields.tsx';
import { useBookPolicy } from '../calls/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Trouble } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';

/** Changes how the work on a book is shared; what is keyed already stays as it is. */
export function PolicyDialog({
  book,
  form,
  onClose,
}: {
  readonly book: BookSummary;
  readonly form: FormAnswer | undefined;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const [input, setInput] = useState(() => inputOf(book.policy));
  const save = useBookPolicy(book.id);
  return (
    <Dialog title={texts.policy} onClose={onClose}>
      <form
        className="lines"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrongIn(input).size === 0) save.mutate(policyOf(input), { onSuccess: onClose });
        }}
      >
        <p className="small">{texts.policyHelp}</p>
        <PolicyFields form={form} value={input} onChange={setInput} />
        {save.error && <Trouble error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {texts.save}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

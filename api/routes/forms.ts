import { CODE_LISTS } from '../../models/code-lists.ts';
import { FORMS } from '../../models/forms/registry.ts';
import { CodeListsAnswer, FormsAnswer } from '../contract.ts';
import { wireForm } from '../wire.ts';
import type { Api } from './types.ts';

/** Forms and lists as data; they change only with the program. */
export function formRoutes(api: Api): void {
  const forms = { items: Object.values(FORMS).map(wireForm) };
  const lists = { lists: { ...CODE_LISTS } };
  api.get(
    '/forms',
    {
      schema: {
        tags: ['forms'],
        summary: 'The printed forms with their fields in page order',
        response: { 200: FormsAnswer },
      },
    },
    async () => forms,
  );
  api.get(
    '/code-lists',
    {
      schema: { tags: ['forms'], summary: 'The closed lists', response: { 200: CodeListsAnswer } },
    },
    async () => lists,
  );
}

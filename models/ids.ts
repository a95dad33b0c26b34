import { z } from 'zod';

/** Ids are UUIDs, branded by what they name, so that a page's id cannot be passed for a book's. */
const id = <B extends string>(_brand: B) => z.uuid().brand<B>();

export const OrganisationId = id('OrganisationId');
export type OrganisationId = z.infer<typeof OrganisationId>;
export const PersonId = id('PersonId');
export type PersonId = z.infer<typeof PersonId>;
export const ProjectId = id('ProjectId');
export type ProjectId = z.infer<typeof ProjectId>;
export const TokenId = id('TokenId');
export type TokenId = z.infer<typeof TokenId>;
export const BatchId = id('BatchId');
export type BatchId = z.infer<typeof BatchId>;
export const SampleId = id('SampleId');
export type SampleId = z.infer<typeof SampleId>;
export const MarkId = id('MarkId');
export type MarkId = z.infer<typeof MarkId>;
export const BookId = id('BookId');
export type BookId = z.infer<typeof BookId>;
export const DocumentId = id('DocumentId');
export type DocumentId = z.infer<typeof DocumentId>;
export const PageId = id('PageId');
export type PageId = z.infer<typeof PageId>;
export const RecordId = id('RecordId');
export type RecordId = z.infer<typeof RecordId>;

/** Lower-case hexadecimal SHA-256, 64 characters. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export type Sha256 = z.infer<typeof Sha256>;

import pg from 'pg';
import { BookId } from '../../models/ids.ts';
import { openStore } from '../../models/store/store.ts';

/** A process that begins to learn the layout of BOOK and never ends. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await openStore(pool).layouts.learn(BookId.parse(process.env.BOOK), async () => {
  console.log('learning');
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
});

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PRINTED } from '../../models/forms/registry.ts';
import { openBook } from './book.ts';
import { LAYOUTS } from './layouts.ts';
import { writeBook } from './write-book.ts';

const USAGE = `Draws a register book with its truth.

  npm run samples:draw -- --form birth-2006 --out DIR

  --form ID        ${PRINTED.map((f) => f.id).join(', ')}
  --out DIR        gets book.pdf and truth.json (in layout-N/ below it with --layout all)
  --pages N        default 12
  --from-page N    skip the first N pages of the book, default 0
  --layout N|all   print shop, 1 to ${LAYOUTS.length}, default 1
  --seed N         other people, places and hands, default 1
  --ink KIND       typed, hand or mixed, default mixed
  --ageing KIND    none, light, mixed or heavy, default mixed`;

const Options = z.object({
  form: z.enum(PRINTED.map((f) => f.id)),
  out: z.string().min(1),
  pages: z.coerce.number().int().min(1).default(12),
  'from-page': z.coerce.number().int().min(0).default(0),
  layout: z
    .union([z.literal('all'), z.coerce.number().int().min(1).max(LAYOUTS.length)])
    .default(1),
  seed: z.coerce.number().int().default(1),
  ink: z.enum(['typed', 'hand', 'mixed']).default('mixed'),
  ageing: z.enum(['none', 'light', 'mixed', 'heavy']).default('mixed'),
});

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(Object.keys(Options.shape).map((name) => [name, text])),
    help: { type: 'boolean' },
  },
});
const parsed = Options.safeParse(values);
if ('help' in values || !parsed.success) {
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      console.error(`--${issue.path.join('.')}: ${issue.message}`);
    process.exitCode = 2;
  }
  console.error(USAGE);
} else {
  const { layout, out, pages, 'from-page': first, ...options } = parsed.data;
  for (const number of layout === 'all' ? LAYOUTS.map((_, i) => i + 1) : [layout]) {
    const folder = layout === 'all' ? join(out, `layout-${number}`) : out;
    const started = Date.now();
    await writeBook(openBook({ ...options, layout: number }), folder, {
      count: pages,
      first,
      onPage: (done) => process.stderr.write(`\r${folder}: page ${done} of ${pages} `),
    });
    const seconds = (Date.now() - started) / 1000;
    process.stderr.write(`in ${seconds.toFixed(1)} s\n`);
  }
}

import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

/*
 * The layers and what each may import:
 *
 *   models  ◀──  pipeline  ◀──  workers
 *      ▲            ▲             ▲
 *      └────────────┴──── api ────┘ (workers/start.ts only)
 *                          ▲┄┄ types of api/contract.ts only ┄┄ web
 *
 * Training of the line recognizer lies beside it and is no part of the product: it may draw with
 * samples/, and only itself and test/bench/ import it.
 *
 * A new arrow is a decision: it is made here, in sight.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAYERS = ['models', 'pipeline', 'workers', 'api', 'web', 'samples', 'test'] as const;
type Layer = (typeof LAYERS)[number];
/** Tools that make the recognizer's model files. */
const TRAINING = 'pipeline/readers/line/train/';
/** Folders without sources of ours. */
const SKIP = new Set(['node_modules', 'dist', '.git', 'data']);

interface Import {
  readonly from: string;
  /** As written. */
  readonly name: string;
  /** Nothing of it remains at run time. */
  readonly typeOnly: boolean;
}

function* sources(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIP.has(entry.name)) yield* sources(name);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield name;
  }
}

/** Every import of a file: static, re-exported, dynamic and in the place of a type. */
function importsOf(file: string, text: string): Import[] {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const found: Import[] = [];
  const add = (name: ts.Node | undefined, typeOnly: boolean) => {
    if (name && ts.isStringLiteralLike(name)) found.push({ from: file, name: name.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      // `import { type A }` is none of types only: the file is still imported at run time.
      add(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (
      ts.isImportEqualsDeclaration(node) &&
      ts.isExternalModuleReference(node.moduleReference)
    )
      add(node.moduleReference.expression, node.isTypeOnly);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isRelative = (name: string) => name.startsWith('.');
const isBuiltin = (name: string) =>
  name.startsWith('node:') || builtinModules.includes(name.split('/')[0]!);
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
/** Path of an imported file from the root. */
const target = ({ from, name }: Import) =>
  path.posix.join(path.posix.dirname(from), name.replace(/\?.*$/, ''));

/** Why an import breaks the layers; undefined when it keeps them. */
function objection(one: Import): string | undefined {
  const layer = one.from.split('/')[0] as Layer;
  const { name, typeOnly } = one;
  const trains = one.from.startsWith(TRAINING);
  if (isRelative(name)) {
    const file = target(one);
    const other = file.split('/')[0]!;
    if (file.startsWith(TRAINING) && !trains && !one.from.startsWith('test/bench/'))
      return `${one.from} imports ${file}`;
    if (layer === 'test' || other === layer || (trains && other === 'samples')) return undefined;
    const allowed =
      layer === 'web'
        ? file === 'api/contract.ts' && typeOnly
        : layer === 'api'
          ? ['models', 'pipeline'].includes(other) || file === 'workers/start.ts'
          : layer === 'workers'
            ? ['models', 'pipeline'].includes(other)
            : ['pipeline', 'samples'].includes(layer)
              ? other === 'models'
              : false;
    // Name and version of the program.
    if (allowed || (file === 'package.json' && layer !== 'models')) return undefined;
    return `${one.from} imports ${file}`;
  }
  if (layer === 'models' && !isBuiltin(name)) {
    const may = one.from.startsWith('models/store/') ? ['zod', 'pg'] : ['zod'];
    if (!may.includes(packageOf(name))) return `${one.from} imports ${name}`;
  }
  return undefined;
}

const files = LAYERS.filter((layer) => fs.existsSync(path.join(ROOT, layer))).flatMap((layer) => [
  ...sources(layer),
]);
const imports = files.flatMap((file) =>
  importsOf(file, fs.readFileSync(path.join(ROOT, file), 'utf8')),
);

describe('the architecture', () => {
  test('imports follow the arrows between the layers', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.flatMap((one) => objection(one) ?? [])).toEqual([]);
  });

  test('imported files are named with their ending and exist', () => {
    const missing = imports
      .filter((one) => isRelative(one.name))
      .filter(
        (one) => !fs.statSync(path.join(ROOT, target(one)), { throwIfNoEntry: false })?.isFile(),
      );
    expect(missing.map((one) => `${one.from}: ${one.name}`)).toEqual([]);
  });

  test('what runs imports only packages that are installed with it', () => {
    const runs = new Set(Object.keys(packageJson.dependencies));
    const all = new Set([...runs, ...Object.keys(packageJson.devDependencies)]);
    const undeclared = imports
      .filter(({ name }) => !isRelative(name) && !isBuiltin(name))
      .filter(({ from, name, typeOnly }) => {
        const known = from.startsWith('test/') || typeOnly ? all : runs;
        return !known.has(packageOf(name));
      });
    expect([...new Set(undeclared.map((one) => `${one.from}: ${one.name}`))]).toEqual([]);
  });

  test('the lock file names the optional packages of every platform, or npm ci refuses it', () => {
    // npm leaves out those that its registry does not have; an entry with version, os and cpu is enough.
    const { packages } = JSON.parse(
      fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
    ) as { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
    const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => {
        const above = where.split(/\/?node_modules\//).slice(1);
        const places = [...above.keys(), above.length].map((n) =>
          [...above.slice(0, n), name].map((part) => `node_modules/${part}`).join('/'),
        );
        return !places.some((place) => packages[place]);
      }),
    );
    expect(missing).toEqual([]);
  });

  test('every folder with sources has a README', () => {
    const folders = new Set(files.map((file) => path.posix.dirname(file)));
    for (const layer of LAYERS) folders.add(layer);
    const without = [...folders].filter(
      (folder) =>
        !(folder.startsWith('test/') || fs.existsSync(path.join(ROOT, folder, 'README.md'))),
    );
    expect(without.sort()).toEqual([]);
  });

  test.each([
    ['models/a.ts', "import { Pool } from 'pg'"],
    ['models/a.ts', "import '../pipeline/flow.ts'"],
    ['models/a.ts', "import sharp from 'sharp'"],
    ['models/store/a.ts', "import 'ioredis'"],
    ['pipeline/a.ts', "export * from '../workers/start.ts'"],
    ['pipeline/a.ts', "const a = import('../api/app.ts')"],
    ['workers/a.ts', "import type { A } from '../api/contract.ts'"],
    ['api/a.ts', "import { a } from '../workers/handlers.ts'"],
    ['web/a.tsx', "import { Book } from '../api/contract.ts'"],
    ['web/a.tsx', "import { type Book } from '../api/contract.ts'"],
    ['web/a.tsx', "import type { Book } from '../models/books.ts'"],
    ['web/a.tsx', "type A = import('../api/app.ts').A"],
    ['samples/a.ts', "import '../pipeline/flow.ts'"],
    ['pipeline/readers/a.ts', "import { a } from '../../samples/truth.ts'"],
    ['pipeline/readers/line/a.ts', "import { a } from './train/real.ts'"],
    ['workers/a.ts', "import type { A } from '../pipeline/readers/line/train/real.ts'"],
    ['pipeline/readers/line/train/a.ts', "import { a } from '../../../../workers/start.ts'"],
    ['test/pipeline/a.ts', "import { a } from '../../pipeline/readers/line/train/real.ts'"],
  ])('%s may not say %s', (file, text) => {
    expect(importsOf(file, text).map(objection)).toEqual([expect.stringContaining(file)]);
  });

  test.each([
    ['models/store/a.ts', "import pg from 'pg'; import { z } from 'zod'; import 'node:fs'"],
    ['pipeline/a/b.ts', "import type { A } from '../../models/a.ts'; import sharp from 'sharp'"],
    ['api/a.ts', "import { start } from '../workers/start.ts'"],
    ['web/a/b.tsx', "import type { Book } from '../../api/contract.ts'; import './look.css'"],
    [
      'pipeline/readers/line/train/a.ts',
      "import '../../../../samples/draw/ink.ts'; import './b.ts'",
    ],
    ['test/bench/a.ts', "import { a } from '../../pipeline/readers/line/train/real.ts'"],
    ['test/pipeline/a.ts', "import { a } from '../../samples/truth.ts'; import 'vitest'"],
  ])('%s may say %s', (file, text) => {
    expect(importsOf(file, text).map(objection).filter(Boolean)).toEqual([]);
  });
});

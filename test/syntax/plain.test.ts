/** Plain C is read without the grammar: to the nodes that the grammar gives, or not at all. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionDefinition } from '../../server/src/syntax/ast.ts';
import { grammarFunction, grammarItems } from '../../server/src/syntax/by-grammar.ts';
import { type Concrete, childOf } from '../../server/src/syntax/concrete.ts';
import { newLowering } from '../../server/src/syntax/fragment.ts';
import type { Grammar } from '../../server/src/syntax/grammar.ts';
import { lowerHeader, lowerItem, newItems, type TreeItems } from '../../server/src/syntax/lower/items.ts';
import { lowerBlock } from '../../server/src/syntax/lower/statements.ts';
import { plainFunction, takePlainItems } from '../../server/src/syntax/plain/plain.ts';
import { type Reading, readText } from '../../server/src/syntax/reading.ts';
import { testGrammar, testTarget } from '../support/grammar.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Folders of C files, each with the functions that are read plainly at the least. */
const folders = [
  { folder: 'examples', least: 50 },
  { folder: 'test/kernel/drivers', least: 300 },
  { folder: 'test/fixtures/precedents', least: 300 },
] as const;

const filesOf = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => path.join(folder, name));

let grammar: Grammar;
beforeAll(async () => {
  grammar = await testGrammar();
});

function lowering({ source, masked, macros }: Reading): ReturnType<typeof newLowering> {
  return newLowering({ grammar, target: testTarget, macros, typeNames: new Set(), depth: 0 }, source, masked.marks, 0);
}

function itemsOf(reading: Reading, nodes: readonly Concrete[]): TreeItems {
  const into = lowering(reading);
  const items = newItems(into);
  for (const node of nodes) lowerItem(into, node, items);
  return items;
}

function functionOf(reading: Reading, node: Concrete | undefined): FunctionDefinition | undefined {
  const into = lowering(reading);
  const header = node && lowerHeader(into, node);
  const body = node && childOf(node, 'body');
  return header && body && { ...header, body: lowerBlock(into, body), problems: into.problems };
}

/** A function alone, read in both ways. */
function bothWays(text: string): readonly [FunctionDefinition | undefined, FunctionDefinition | undefined] {
  const reading = readText(text, testTarget);
  const piece = reading.masked.piece({ start: 0, end: text.length });
  return [functionOf(reading, plainFunction(piece)), functionOf(reading, grammarFunction(grammar, piece))];
}

/** Read as it stands, not masked. */
const plainly = (text: string): Concrete | undefined => plainFunction({ start: 0, text });

describe('plain C', () => {
  it.each(folders)('is what the grammar reads, in $folder', ({ folder, least }) => {
    let functions = 0;
    for (const file of filesOf(folder)) {
      const reading = readText(readFileSync(path.join(root, file), 'utf8'), testTarget);
      const { masked } = reading;
      const nodes: Concrete[] = [];
      if (!takePlainItems(masked.outside, (node) => void nodes.push(node))) continue;
      const items = itemsOf(reading, nodes);
      expect(items, file).toEqual(itemsOf(reading, grammarItems(grammar, masked.outside)));
      for (const { span, name } of items.functions) {
        const piece = masked.piece(span);
        const plain = plainFunction(piece);
        if (!plain) continue;
        functions++;
        expect(functionOf(reading, plain), `${file} ${name}`).toEqual(functionOf(reading, grammarFunction(grammar, piece)));
      }
    }
    expect(functions).toBeGreaterThan(least);
  });

  it.each([
    'if (a) b(); else if (c) d(); else { e(); }',
    'for (;;) break;',
    'for (int i = 0, j = 1; i < j; i++, j--) continue;',
    'do { a--; } while (a);',
    'switch (a) { case 1: case 2 ... 4: b(); break; default: c(); }',
    'goto out; out: return a ? b : c;',
    'a = b ? : c; a = b = c; a += b, c -= d;',
    'x = a || b && c | d ^ e & f == g < h << i + j * k;',
    'x = -1; x = - 1; x = a -1; x = ~a; x = !a; x = *p++; x = (*p)++; x = &a->b[c].d;',
    'x = sizeof(a); x = sizeof(struct a); x = sizeof(a *); x = sizeof a; x = sizeof(a) * 2; x = sizeof(a[0]); x = sizeof(*a);',
    'x = (u8)a; x = (struct a *)b; x = (unsigned long)a + b; x = (a *)b; x = (u8)(unsigned long)a; x = (void *)(a)->b;',
    'x = (struct a){ .b = 1, [2] = { 3 }, [4 ... 5] = 6, c: 7, 8, };',
    'x = ({ int y = a; y; }); x = (u32[]){ 1, 2 }; x = (a_t){ 1 }.b; unsigned volatile long c;',
    'x = "a" PREFIX "b"; x = L"c"; y = \'\\n\';',
    'struct a *b, c = { 1 }, d[3], (*e)(int f, ...), *(*g[2])(void);',
    'a_t *b = c; a_t **d; a_t e[2]; static const unsigned int f = 1; const a_t g; long long int h;',
    'u32 *(*fn)(const struct a *b, u32 *c) = d;',
    'typedef int a; struct a { int b : 3, c; union { int d; }; } e; enum f { G, H = 1, };',
    'min_t(int, a, b); asm volatile("nop" : : "r" (a)); x = offset(a, b.c);',
  ])('is read as the grammar reads it: %s', (body) => {
    const [plain, parsed] = bothWays(`static int __init f(struct a *b, int c[], void (*d)(int), a_t, ...)\n{ ${body} }`);
    expect(plain).toBeDefined();
    expect(plain).toEqual(parsed);
  });

  it('binds what stands behind a value before what stands in front of it', () => {
    const [plain] = bothWays('int f(void) { return !a->open++; }');
    const [statement] = plain?.body.statements ?? [];
    expect(statement).toMatchObject({
      kind: 'return',
      value: { kind: 'unary', operator: '!', operand: { kind: 'update', prefix: false } },
    });
  });

  it.each(['a b c;', 'if () b();', 'a = ;', 'a ? b : c = d;', 'foo(', '@', 'x = (a b);', 'for (;) ;', 'case', '}'])(
    'leaves to the grammar what is not plain: %s',
    (body) => {
      expect(plainly(`int f(void)\n{ ${body} }`)).toBeUndefined();
    },
  );

  it('leaves nesting without measure to the grammar', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['-', ''],
      ['a = ', ''],
      ['a ? b : ', ''],
      ['a + ', ''],
      ['f(', ')'],
      ['a, ', ''],
    ] as const) {
      expect(plainly(`int f(void) { x = ${open.repeat(100_000)}a${close.repeat(100_000)}; }`), open).toBeUndefined();
    }
    for (const [open, close] of [
      ['{', '}'],
      ['if (a) ', ''],
      ['l: ', ''],
      ['if (a) ; else ', ''],
    ] as const) {
      expect(plainly(`int f(void) { ${open.repeat(100_000)};${close.repeat(100_000)} }`), open).toBeUndefined();
    }
    for (const text of [
      `struct { ${'struct { '.repeat(100_000)}`,
      `int ${'*'.repeat(100_000)}a;`,
      `int ${'('.repeat(100_000)}a`,
      `int a${'[1]'.repeat(100_000)};`,
    ])
      expect(
        takePlainItems([{ start: 0, text }], () => undefined),
        text.slice(0, 20),
      ).toBe(false);
  });
});

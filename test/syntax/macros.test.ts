/** Macros of a driver and what their bodies are. */
import { describe, expect, it } from 'vitest';
import type { MacroMeaning } from '../../server/src/syntax/ast.ts';
import { describeExpression, describeInitializer, describeStatement } from '../support/describe-syntax.ts';
import { syntaxFile } from '../support/grammar.ts';

function show(meaning: MacroMeaning): string {
  switch (meaning.kind) {
    case 'expression':
      return describeExpression(meaning.expression);
    case 'statements':
      return `{ ${meaning.body.statements.map(describeStatement).join(' ')} }`;
    case 'entries':
      return describeInitializer({ kind: 'list', entries: meaning.entries, span: { start: 0, end: 0 } });
    case 'opaque':
      return 'opaque';
  }
}

async function meaningOf(text: string): Promise<string> {
  const file = await syntaxFile(text);
  const [definition] = file.items.macros;
  const meaning = definition && file.lowerMacro(definition);
  return meaning ? show(meaning) : 'no macro';
}

describe('macro bodies', () => {
  it.each([
    ['#define SIZE (4 << 10)\n', '[4 << 10]'],
    ['#define TO_BOX(p) container_of(p, struct box, list)\n', 'container_of(p, <struct box>, list)'],
    ['#define MAX(a, b) \\\n\t((a) > (b) ? (a) : (b))\n', '[[a > b] ? a : b]'],
    ['#define GET(b) ({ int r = f(b); r; })\n', '({ r: int = f(b); r; })'],
    ['#define NAME "box"\n', '"box"'],
    ['#define OPS_FLAGS (A_ ## x | B)\n', '[unknown A_ ## x | B]'],
    ['#define SHOW(x) log_it(#x, x)\n', 'log_it(""+, x)'],
    ['#define MASK ~0UL\n', '~[0ul]'],
  ])('%j is an expression', async (text, expected) => expect(await meaningOf(text)).toBe(expected));

  it.each([
    ['#define DO(x) do { f(x); g(x); } while (0)\n', '{ do { f(x); g(x); } while 0; }'],
    ['#define CHECK(x) if (x) return -1\n', '{ if x return -[1]; }'],
    ['#define NOTHING(x)\n', '{  }'],
    ['#define BOTH(x) f(x); g(x)\n', '{ f(x); g(x); }'],
  ])('%j is statements', async (text, expected) => expect(await meaningOf(text)).toBe(expected));

  it.each([
    ['#define FIELD .owner = THIS_MODULE,\n', '{ .owner = THIS_MODULE }'],
    ['#define ROW(n) [n] = { n, 1 }\n', '{ [n] = { n, 1 } }'],
  ])('%j is a part of a list', async (text, expected) => expect(await meaningOf(text)).toBe(expected));

  it.each([
    '#define EACH(b) for (b = first; b; b = b->next)\n',
    '#define OPEN {\n',
    '#define TYPE struct box\n',
    '#define HEAD(b) if (b) {\n',
  ])('%j is opaque', async (text) => expect(await meaningOf(text)).toBe('opaque'));

  it('has spans in the file', async () => {
    const text = '// 😀\n#define TOTAL(n) \\\r\n\t(base + n)\r\n';
    const file = await syntaxFile(text);
    const [definition] = file.items.macros;
    const meaning = definition && file.lowerMacro(definition);
    if (meaning?.kind !== 'expression' || meaning.expression.kind !== 'binary') throw new Error('not an expression');
    const { left, right } = meaning.expression;
    expect(text.slice(left.span.start, left.span.end)).toBe('base');
    expect(text.slice(right.span.start, right.span.end)).toBe('n');
  });
});

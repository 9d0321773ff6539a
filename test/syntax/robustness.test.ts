/** Text that is no C, too deep or too long: it is answered in time, and nothing throws. */
import { describe, expect, it } from 'vitest';
import { syntaxFile } from '../support/grammar.ts';
import { seeded } from '../support/seeded.ts';

/** Asks everything of a file with this text; what throws or never ends fails the test. */
async function survive(text: string): Promise<{ readonly functions: number; readonly problems: readonly string[] }> {
  const file = await syntaxFile(text);
  const { functions, macros, problems } = file.items;
  const lowered = functions.map((header) => file.lowerFunction(header));
  for (const macro of macros.slice(0, 50)) file.lowerMacro(macro);
  file.update(`${text}\n`);
  const again = file.items.functions.length;
  expect(again).toBe(functions.length);
  return {
    functions: functions.length,
    problems: [...problems, ...lowered.flatMap((definition) => definition?.problems ?? [])].map(({ message }) => message),
  };
}

const inFunction = (expression: string) => `int f(void) { x = ${expression}; }`;
const many = 20_000;

describe('rubbish', () => {
  it.each<readonly [string, string]>([
    ['nothing', ''],
    ['a byte order mark', '\uFEFF'],
    ['NULs', '\0'.repeat(many)],
    ['an unclosed comment', `int a; /* ${'x'.repeat(many)}`],
    ['an unclosed string', `int a = "${'x'.repeat(many)}\n;`],
    ['a lone quote at the end', 'int a; "'],
    ['a lone backslash at the end', '#define A \\'],
    ['a directive without end', '#if'],
    ['a macro without name', '#define\n#define (\n#undef\n#include\n#'],
    ['open parentheses', '('.repeat(many)],
    ['closing braces', '}'.repeat(many)],
    ['pairs of braces', '{}'.repeat(many)],
    ['nested parentheses', inFunction(`${'('.repeat(many)}1${')'.repeat(many)}`)],
    ['nested blocks', `void f(void) ${'{'.repeat(many)}${'}'.repeat(many)}`],
    ['nested lists', `int x[] = ${'{'.repeat(many)}${'}'.repeat(many)};`],
    ['nested structs', 'struct a { '.repeat(many)],
    ['nested calls', inFunction(`${'f('.repeat(many)}1${')'.repeat(many)}`)],
    ['nested statement expressions', inFunction(`${'({ '.repeat(2000)}1;${' })'.repeat(2000)}`)],
    ['nested typeof', `void f(void) { ${'typeof('.repeat(2000)}x${')'.repeat(2000)} y; }`],
    ['a long sum', inFunction(`${'a + '.repeat(many)}1`)],
    ['many signs', inFunction(`${'!'.repeat(many)}1`)],
    ['many casts', inFunction(`${'(u32)'.repeat(many)}1`)],
    ['many stars', `int ${'*'.repeat(many)}x;`],
    ['many else', `void f(void) { ${'if (a) b(); else '.repeat(5000)}c(); }`],
    ['many labels', `void f(void) { ${'l: '.repeat(5000)}; }`],
    ['many cases without colon', `void f(void) { switch (x) { ${'case 1 ... 2 '.repeat(many)}} }`],
    ['many words', 'word '.repeat(many)],
    ['many attributes', '__init '.repeat(many)],
    ['many iterators', `void f(void) { ${'for_each(x) '.repeat(5000)}; }`],
    ['many conditionals', '#if 1\n'.repeat(many)],
    ['many pasted parts', `#define A ${'a##'.repeat(many)}b\n`],
    ['commas', `void f(void) { g(${','.repeat(many)}); }`],
    ['signs of no language', '@`$\\'.repeat(many)],
  ])('survives %s', async (_, text) => {
    const { functions } = await survive(text);
    expect(functions).toBeLessThanOrEqual(1);
  });

  it('does not hand what is no C to the grammar, and says so', async () => {
    expect((await survive('{'.repeat(5_000_000))).problems).toEqual(['This file is not parsed: most of it is not C.']);
    expect((await survive('{}'.repeat(1_000_001))).problems).toEqual(['This file is not parsed: it has more than 1000000 tokens.']);
  });

  it('comes back when rubbish is replaced by C', async () => {
    const file = await syntaxFile('}'.repeat(1000));
    expect(file.items.functions).toEqual([]);
    file.update('void f(void) { }\n');
    expect(file.items.functions.map(({ name }) => name)).toEqual(['f']);
    file.update('}'.repeat(1000));
    expect(file.items.problems.map(({ message }) => message)).toEqual(['This file is not parsed: most of it is not C.']);
  });

  it.each([11, 12, 13, 14, 15, 16, 17, 18])('survives random signs and random words of C (seed %i)', async (seed) => {
    const random = seeded(seed);
    const signs = Array.from({ length: 2000 }, () => String.fromCharCode(random(128))).join('');
    const words =
      'int struct f x ( ) { } ; , = * & if for case : ... do while return "s" 1 #if\n #endif\n #else\n [ ] . -> typedef static sizeof typeof /* */ guard'.split(
        ' ',
      );
    const phrases = Array.from({ length: 2000 }, () => words[random(words.length)]).join(' ');
    await survive(signs);
    await survive(phrases);
    const file = await syntaxFile(phrases);
    expect([phrases.length, 0]).toContain(file.maskedText.length);
  });

  it('takes time in proportion to the text', async () => {
    // Quadratic work on these sizes would run into the time limit of the test.
    const { functions } = await survive(`static int f(int a)\n{\n\treturn a;\n}\n`.repeat(5000));
    expect(functions).toBe(5000);
  });
});

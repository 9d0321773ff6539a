/** What included texts say to the conditionals of the text that includes them: definitions by value, guards, nesting, budgets. */
import { describe, expect, it } from 'vitest';
import { directivesOf, type IncludedText, type IncludeReader, namesOf } from '../../server/src/syntax/included-text.ts';
import { scan } from '../../server/src/syntax/scan.ts';
import { testTarget } from '../support/grammar.ts';

function readerOf(texts: Readonly<Record<string, string>>, asked: string[] = []): IncludeReader {
  const made = new Map<string, IncludedText>();
  return (path) => {
    asked.push(path);
    const text = texts[path];
    if (text === undefined) return undefined;
    const directives = directivesOf(text);
    const included = made.get(path) ?? { name: path, directives, macros: namesOf(directives) };
    made.set(path, included);
    return included;
  };
}

/** The code of a text that is compiled, in one line. */
function compiled(text: string, headers: Readonly<Record<string, string>>): string {
  const { characters } = scan(text, testTarget, readerOf(headers));
  return String.fromCharCode(...characters)
    .trim()
    .replace(/\s+/g, ' ');
}

const either = (condition: string): string => `#include "a.h"\n#if ${condition}\nint yes;\n#else\nint no;\n#endif\n`;

describe('directives of a text', () => {
  it('are listed without what stands in comments and literals', () => {
    const text = `/*
#define NOT_THIS 1
*/
// #define NOR_THIS
char *s = "\\
#define NOR_THIS_ONE";
 # define SIZE (4 * /* pages */ \\
\tUNIT) // bytes
#define AT_LEAST(a, b) ((a) > (b))
#undef OLD
#include <linux/mm.h>
#include "deep.h"
#pragma once
#error never
#ifdef X`;
    expect(directivesOf(text)).toEqual([
      { kind: 'define', name: 'SIZE', body: expect.stringMatching(/^ \(4 \*\s+UNIT\)\s*$/) },
      { kind: 'define', name: 'AT_LEAST', parameters: ['a', 'b'], body: ' ((a) > (b))' },
      { kind: 'undef', name: 'OLD' },
      { kind: 'include', path: 'deep.h' },
      { kind: 'once' },
      { kind: 'conditional', name: 'ifdef', condition: ' X' },
    ]);
    expect([...namesOf(directivesOf(text))]).toEqual(['SIZE', 'AT_LEAST', 'OLD']);
  });
});

describe('macros of included texts', () => {
  it.each([
    ['defined(HAVE_A)', '#define HAVE_A\n', 'yes'],
    ['defined(HAVE_A)', '/* #define HAVE_A */\n', 'no'],
    ['LIMIT > 3', '#define LIMIT 4\n', 'yes'],
    ['LIMIT > 3', '#define LIMIT 4\n#undef LIMIT\n#define LIMIT 2\n', 'no'],
    ['AT_LEAST(6, 1)', '#define AT_LEAST(a, b) (LINUX_VERSION_CODE >= KERNEL_VERSION(a, b, 0))\n', 'yes'],
    ['AT_LEAST(6, 13)', '#define AT_LEAST(a, b) (LINUX_VERSION_CODE >= KERNEL_VERSION(a, b, 0))\n', 'no'],
    ['NEW_WAY', '#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)\n#define NEW_WAY 1\n#else\n#define NEW_WAY 0\n#endif\n', 'yes'],
    ['OLD_WAY', '#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)\n#define OLD_WAY 1\n#endif\n', 'no'],
    ['IS_ENABLED(CONFIG_TOY_DMA)', '#undef CONFIG_TOY_DMA\n', 'no'],
    ['IS_ENABLED(CONFIG_TOY_DMA)', '', 'yes'],
  ])('decide that %s holds or not after %j', (condition, header, answer) => {
    expect(compiled(either(condition), { 'a.h': header })).toBe(`int ${answer};`);
  });

  it('count from the place of the inclusion on, where that is compiled', () => {
    const header = { 'a.h': '#define HAVE_A 1\n' };
    expect(compiled('#ifdef HAVE_A\nint early;\n#endif\n#include "a.h"\n#ifdef HAVE_A\nint late;\n#endif\n', header)).toBe('int late;');
    expect(compiled('#if 0\n#include "a.h"\n#endif\n#ifdef HAVE_A\nint late;\n#endif\n', header)).toBe('');
    expect(compiled('#include <a.h>\n#ifdef HAVE_A\nint late;\n#endif\n', header)).toBe('');
    expect(compiled('#include "a.h"\n#undef HAVE_A\n#ifdef HAVE_A\nint late;\n#endif\n', header)).toBe('');
  });

  it('see what the text has defined before, and come through other headers', () => {
    const headers = {
      'a.h': '#ifdef WANT_B\n#include "b.h"\n#endif\n',
      'b.h': '#ifndef B_H\n#define B_H\n#define DEEP (INNER + 1)\n#include "a.h"\n#include "c.h"\n#endif\n',
      'c.h': '#pragma once\n#ifdef INNER\n#define TWICE 1\n#endif\n#define INNER 2\n',
    };
    expect(compiled(`#define WANT_B\n${either('DEEP == 3')}`, headers)).toBe('int yes;');
    expect(compiled(either('DEEP == 3'), headers)).toBe('int no;');
    expect(compiled(`#define WANT_B\n#include "c.h"\n${either('defined(TWICE)')}`, headers)).toBe('int no;');
    // A macro of the text's own that is made of one of a header.
    expect(compiled(`#define WANT_B\n#define OWN INNER\n${either('OWN == 2')}`, headers)).toBe('int yes;');
  });

  it('are not asked for when no condition needs one of them', () => {
    const asked: string[] = [];
    const headers = { 'a.h': '#include "b.h"\n#define HAVE_A 1\n', 'b.h': '' };
    scan('#include "a.h"\nint a;\n', testTarget, readerOf(headers, asked));
    expect(asked).toEqual([]);
    scan('#ifndef OWN_H\n#define OWN_H\n#include "a.h"\nint a;\n#endif\n', testTarget, readerOf(headers, asked));
    expect(asked).toEqual([]);
  });

  it('end at a budget, however headers include each other', () => {
    const texts = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `h${index}.h`,
        `#define N${index}\n#include "h${index + 1}.h"\n#include "h${index + 1}.h"\n`,
      ]),
    );
    expect(compiled(`#include "h0.h"\n${either('defined(N3)')}`, { ...texts, 'a.h': '' })).toBe('int yes;');
    expect(compiled(either('defined(SELF)'), { 'a.h': '#include "a.h"\n#define SELF\n' })).toBe('int yes;');
  });
});

describe('branches that only the build of the driver decides', () => {
  const undecidedOf = (text: string, headers: Readonly<Record<string, string>>): readonly string[] =>
    scan(text, testTarget, readerOf(headers)).undecided.map(({ start, end }) => text.slice(start, end).trim());

  it('are others when a header at hand defines or takes away the name', () => {
    expect(undecidedOf(either('defined(HAVE_A)'), { 'a.h': '' })).toEqual(['int no;']);
    expect(undecidedOf(either('defined(HAVE_A)'), { 'a.h': '#define HAVE_A 1\n' })).toEqual([]);
    expect(undecidedOf(either('defined(HAVE_A)'), { 'a.h': '#undef HAVE_A\n' })).toEqual([]);
  });

  it('are those of a macro that a header defines only because of such a name', () => {
    const header = '#ifndef A_H\n#define A_H\n#ifndef HAVE_A\n#define WITHOUT_A 1\n#endif\n#define ANYWAY 1\n#endif\n';
    expect(undecidedOf(either('defined(WITHOUT_A)'), { 'a.h': header })).toEqual(['int yes;']);
    expect(undecidedOf(either('defined(ANYWAY)'), { 'a.h': header })).toEqual([]);
  });
});

/** The scan of a text: directives, comments, strings and the branches that are compiled. */
import { describe, expect, it } from 'vitest';
import { scan } from '../../server/src/syntax/scan.ts';
import { testTarget } from '../support/grammar.ts';

/** The text that is left active, blanks squeezed. */
function active(text: string): string {
  const { characters } = scan(text, testTarget);
  return String.fromCharCode(...characters)
    .replace(/\s+/g, ' ')
    .trim();
}

describe('scan', () => {
  it('keeps every offset: the blanked text is as long as the source, line breaks in place', () => {
    const text = '\uFEFF/* 😀 */ int a; // ü\r\n#define N \\\r\n\t3\r\nint b;\0\n';
    const { characters } = scan(text, testTarget);
    const blanked = String.fromCharCode(...characters);
    expect(blanked).toHaveLength(text.length);
    expect(blanked.indexOf('int b')).toBe(text.indexOf('int b'));
    expect([...blanked.matchAll(/\n/g)].map((match) => match.index)).toEqual([...text.matchAll(/\n/g)].map((match) => match.index));
    expect(blanked.trim().split(/\s+/)).toEqual(['int', 'a;', 'int', 'b;']);
  });

  it.each([
    ['#if 0\nint a;\n#else\nint b;\n#endif', 'int b;'],
    ['#ifdef CONFIG_X\nint a;\n#elif defined(CONFIG_Y)\nint b;\n#else\nint c;\n#endif', 'int a;'],
    ['#ifndef MODULE\nint a;\n#endif\nint b;', 'int b;'],
    ['#if 0\n#if 1\nint a;\n#else\nint b;\n#endif\n#elif 1\nint c;\n#endif', 'int c;'],
    ['#define A 2\n#if A == 2\nint a;\n#endif\n#undef A\n#ifdef A\nint b;\n#endif', 'int a;'],
    ['#ifndef GUARD_H\n#define GUARD_H\nint a;\n#endif', 'int a;'],
    ['#  if 0 /* over\n lines */\nint a;\n# endif // end\nint b;', 'int b;'],
    ['int f(int a\n#ifdef CONFIG_X\n, int b\n#else\n, long b\n#endif\n);', 'int f(int a , int b );'],
    ['#if LINUX_VERSION_CODE < \\\n KERNEL_VERSION(6,0,0)\nint a;\n#else\nint b;\n#endif', 'int b;'],
    ["#if 0\ndon't stop here\n#endif\nint a;", 'int a;'],
    ['#if 0\n/* #endif */ int a;\n"#endif"\n#endif\nint b;', 'int b;'],
  ])('takes the right branch of %j', (text, expected) => expect(active(text)).toBe(expected));

  it('remembers what is inactive', () => {
    const text = 'int a;\n#if 0\nint b;\n#else\nint c;\n#endif\n';
    const [span] = scan(text, testTarget).inactive;
    expect(text.slice(span?.start, span?.end).trim()).toBe('int b;');
  });

  it.each([
    ['#ifdef HAVE_A\nint a;\n#else\nint b;\n#endif', ['int b;']],
    ['#if !defined(HAVE_A) && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 0, 0)\nint a;\n#endif', ['int a;']],
    ['#ifndef HAVE_A\n#if 1\nint a;\n#endif\n#endif', ['#if 1 int a; #endif']],
    ['#if 0\nint a;\n#elif HAVE_A\nint b;\n#else\nint c;\n#endif', ['int c;']],
    ['#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 0) || defined(HAVE_A)\nint a;\n#endif', []],
    ['#ifndef CARD_H\n#define CARD_H\nint a;\n#endif', []],
    ['#define HAVE_A\n#ifdef HAVE_A\nint a;\n#endif\n#ifdef CONFIG_X\nint b;\n#endif', []],
    ['#ifdef HAVE_A\nint a;\n#endif', []],
  ])('remembers which active branches of %j only the build of the driver decides', (text, expected) => {
    const { undecided } = scan(text, testTarget);
    expect(undecided.map(({ start, end }) => text.slice(start, end).trim().replace(/\s+/g, ' '))).toEqual(expected);
  });

  it('collects macros with parameters, bodies and spans', () => {
    const text =
      '#define SIZE 0x10 /* bytes */\n#define MAX(a, b) \\\n\t((a) > (b))\n# define LOG(fmt, args...) f(fmt, args)\n#define FLAG\n';
    const { macros } = scan(text, testTarget);
    expect(macros.map(({ name, parameters, body }) => [name, parameters, body.trim().replace(/\s+/g, ' ')])).toEqual([
      ['SIZE', undefined, '0x10'],
      ['MAX', ['a', 'b'], '((a) > (b))'],
      ['LOG', ['fmt', 'args...'], 'f(fmt, args)'],
      ['FLAG', undefined, ''],
    ]);
    for (const { name, nameSpan, span, body } of macros) {
      expect(text.slice(nameSpan.start, nameSpan.end)).toBe(name);
      expect(span.end - body.length).toBeGreaterThan(nameSpan.start);
    }
  });

  it('does not take parentheses behind a blank for parameters', () => {
    const [macro] = scan('#define VALUE (a)\n', testTarget).macros;
    expect(macro?.parameters).toBeUndefined();
    expect(macro?.body.trim()).toBe('(a)');
  });

  it('collects includes, local and of the system', () => {
    const { includes } = scan('#include <linux/mm.h>\n#include "board.h" /* ours */\n#if 0\n#include "off.h"\n#endif\n', testTarget);
    expect(includes.map(({ path, local }) => [path, local])).toEqual([
      ['linux/mm.h', false],
      ['board.h', true],
    ]);
  });

  it('says what is not closed', () => {
    expect(scan('#if 1\nint a;\n', testTarget).problems.map(({ message }) => message)).toEqual([
      'This conditional is never closed with #endif.',
    ]);
    expect(scan('int a; /* x', testTarget).problems.map(({ message }) => message)).toEqual(['This comment is never closed with */.']);
    expect(scan('#endif\n', testTarget).problems.map(({ message }) => message)).toEqual(['This #endif has no #if before it.']);
  });

  it('matches brackets over the active text alone', () => {
    const { tokens } = scan('void f(void) {\n#if 0\n}\n#endif\n}', testTarget);
    const open = Array.from({ length: tokens.count }, (_, index) => index).find((index) => tokens.text(index) === '{') ?? -1;
    expect(tokens.match(open)).toBe(tokens.count - 1);
    expect(tokens.unmatched).toBe(0);
  });

  it.each([
    ['a brace that is not closed', 'void f(void)\n{\n\tif (a) {\n\tb();\n}\n'],
    ['a brace that closes nothing', 'void f(void)\n{\n\tif (a)\n\t\tb();\n\t}\n\tc();\n}\n'],
    ['a brace and a parenthesis that are not closed', 'void f(void)\n{\n\twhile (d(e) {\n\tif (a[1) {\n\tb();\n}\n'],
  ])('keeps %s to its own function', (_, broken) => {
    const text = `${broken}int between;\nvoid g(void) { h(); }\nstruct s {\n\tint field;\n};\n`;
    const { tokens } = scan(text, testTarget);
    const ends: number[] = [];
    for (let at = 0; at < tokens.count; at++) {
      if (tokens.text(at) !== '{') continue;
      at = Math.max(tokens.match(at), at);
      ends.push(tokens.end(at));
    }
    expect(ends).toEqual([broken.length - 1, text.indexOf(' }') + 2, text.length - 2]);
    expect(tokens.unmatched).toBeGreaterThan(0);
  });
});

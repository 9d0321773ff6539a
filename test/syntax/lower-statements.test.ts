/** Statements of C as the AST has them. */
import { describe, expect, it } from 'vitest';
import { loweredFunction, loweredStatements } from '../support/lowered.ts';

describe('lowered statements', () => {
  it.each([
    ['if (a) b(); else if (c) { d(); } else ;', ['if a b(); else if c { d(); } else ;']],
    ['while (a--) b();', ['while [a]-- b();']],
    ['do { a(); } while (b);', ['do { a(); } while b;']],
    ['for (i = 0, j = 1; i < n; i++) f(i);', ['for (i = 0, j = 1; [i < n]; [i]++) f(i);']],
    ['for (int i = 0; ; ) break;', ['for (i: int = 0; ; ) break;']],
    ['for (;;) continue;', ['for (; ; ) continue;']],
    ['goto out; out: a(); end: return;', ['goto out;', 'out:', 'a();', 'end:', 'return;']],
    ['return a + 1;', ['return [a + 1];']],
    ['out:', ['out:', ';']],
    ['fallthrough; ;', [';', ';']],
    ['{ a(); { b(); } }', ['{ a(); { b(); } }']],
    ['if (a) out: b();', ['if a { out: b(); }']],
  ])('%s', async (body, expected) => expect(await loweredStatements(body)).toEqual(expected));

  it('makes a switch a flat list of cases and statements', async () => {
    expect(await loweredStatements('switch (n) { case 1: case 2 ... 5: a(); break; case A: { b(); } default: c(); }')).toEqual([
      'switch n { case 1: case 2 ... 5: a(); break; case A: { b(); } default: c(); }',
    ]);
  });

  it.each([
    ['list_for_each_entry(b, &boxes, list) { use(b); }', ['each list_for_each_entry(b, &[boxes], list) { use(b); }']],
    ['for_each_box(b)\n\tif (b)\n\t\tuse(b);', ['each for_each_box(b) if b use(b);']],
    ['our_loop(struct box, b) { use(b); }', ['each our_loop(<struct box>, b) { use(b); }']],
    ['forever_do() { a(); }', ['each forever_do() { a(); }']],
    ['loop(a) { b(); }', ['each loop(a) { b(); }']],
    ['do { use(b); } while_each_box(b, list);', ['each while_each_box(b, list) { use(b); }']],
    ['if box_after(b, 3) use(b);', ['if box_after(b, 3) use(b);']],
    ['idr_for_each(&idr, f, p);', ['idr_for_each(&[idr], f, p);']],
  ])('gives iterators back: %s', async (body, expected) => expect(await loweredStatements(body)).toEqual(expected));

  it('knows an iterator by its own definition in the file', async () => {
    const before = '#define EACH(b) for (b = first; b; b = b->next)\n';
    expect(await loweredStatements('EACH(b)\n\tuse(b);', before)).toEqual(['each EACH(b) use(b);']);
  });

  it.each([
    ['guard(mutex)(&b->lock);', ['guard mutex(&[b->lock]);']],
    ['scoped_guard(spinlock, &b->lock) { a(); }', ['guard spinlock(&[b->lock]) { a(); }']],
    ['CLASS(fd, f)(number);', ['f: class_fd_t = class_fd_constructor(number) then class_fd_destructor;']],
    ['struct box *p __free(kfree) = NULL, *q;', ['p: struct box* = NULL then kfree, q: struct box*;']],
  ])('gives guards and cleanups back: %s', async (body, expected) => expect(await loweredStatements(body)).toEqual(expected));

  it.each([
    [
      'unsigned a, *b = &a, c[4] = { 1, [2] = 3, [4 ... 6] = 0 };',
      ['a: unsigned int, b: unsigned int* = &[a], c: unsigned int[4] = { 1, [2] = 3, [4 ... 6] = 0 };'],
    ],
    ['static const char name[] = "x";', ['static name: char[] = "x";']],
    ['int (*f)(struct box *, int), (*g[2])(void);', ['f: int(struct box*, int)*, g: int()*[2];']],
    [
      'long long unsigned int a; signed char b; short int c; signed d;',
      ['a: unsigned long long;', 'b: signed char;', 'c: short;', 'd: int;'],
    ],
    ['typeof(*p) q = *p;', ['q: typeof(*[p]) = *[p];']],
    ['__typeof__(struct box *) q;', ['q: struct box*;']],
    ['struct { int a; } s = { .a = 1 };', ['s: struct  {} = { .a = 1 };']],
    [
      'LIST_HEAD(boxes); DECLARE_BITMAP(map, 70);',
      ['boxes: struct list_head = { .next = &[boxes], .prev = &[boxes] };', 'map: unsigned long[BITS_TO_LONGS(70)];'],
    ],
    ['static DEFINE_MUTEX(lock);', ['static lock: struct mutex;']],
    ['struct box b = { open: f, .a.b[1] = 2 };', ['b: struct box = { .open = f, .a.b[1] = 2 };']],
  ])('declares: %s', async (body, expected) => expect(await loweredStatements(body)).toEqual(expected));

  it('reads macros that lack their semicolon', async () => {
    expect(await loweredStatements('CHECK(a)\n\tuse(b);\n\tLAST(c)')).toEqual(['CHECK(a);', 'use(b);', 'LAST(c);']);
  });

  it('reads a function whose parts are chosen by directives', async () => {
    const { parameters, body } = await loweredFunction(
      'int f(int a\n#if 0\n\t, int b\n#endif\n)\n{\n#ifdef CONFIG_A\n\tif (a) {\n#else\n\tif (!a) {\n#endif\n\t\tg();\n\t}\n\treturn 0;\n}\n',
    );
    expect(parameters.map(({ name }) => name)).toEqual(['a']);
    expect(body.statements.map(({ kind }) => kind)).toEqual(['if', 'return']);
  });

  it.each([
    ['x = f(a, b;\n\tg();', ['x = f(a, b);', 'g();']],
    ['f(a\n\t\treturn b;', ['f(a);', 'return b;']],
    ['if (a\n\t{\n\t\tf();\n\t}\n\tg();', ['if a { f(); }', 'g();']],
    ['x = t[a;\n\tg();', ['x = t[a];', 'g();']],
  ])('closes a bracket that is being typed where its statement ends: %j', async (body, expected) => {
    expect(await loweredStatements(body)).toEqual(expected);
  });

  it('cuts nesting off that is too deep, and says so', async () => {
    const deep = 5000;
    const definition = await loweredFunction(`void f(void) { a(); ${'{'.repeat(deep)}b();${'}'.repeat(deep)} c(); }`);
    expect(definition.body.statements).toHaveLength(3);
    expect(definition.problems.map(({ message }) => message)).toEqual(['This statement is not understood.']);
  });
});

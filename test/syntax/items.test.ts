/** What a file holds: functions, variables, types and prototypes. */
import { describe, expect, it } from 'vitest';
import type { FileItems } from '../../server/src/syntax/ast.ts';
import { describeInitializer, describeType } from '../support/describe-syntax.ts';
import { syntaxFile } from '../support/grammar.ts';

async function itemsOf(text: string): Promise<FileItems> {
  const file = await syntaxFile(text);
  const { items } = file;
  return items;
}

describe('items of a file', () => {
  it('lists functions with their signatures and spans', async () => {
    const text = 'static __init int *start(struct box *b, const char *name, ...)\n{\n\treturn 0;\n}\n\nvoid stop(void) { }\n';
    const { functions } = await itemsOf(text);
    expect(
      functions.map(({ name, returns, parameters, variadic, isStatic }) => [
        name,
        describeType(returns),
        parameters.map((parameter) => `${parameter.name}: ${describeType(parameter.type)}`),
        variadic,
        isStatic,
      ]),
    ).toEqual([
      ['start', 'int*', ['b: struct box*', 'name: char*'], true, true],
      ['stop', 'void', [], false, false],
    ]);
    const [start, stop] = functions;
    expect(text.slice(start?.nameSpan.start, start?.nameSpan.end)).toBe('start');
    expect(text.slice(start?.span.start, start?.span.end)).toMatch(/^static[\s\S]*}$/);
    expect(text.slice(stop?.bodySpan.start, stop?.bodySpan.end)).toBe('{ }');
  });

  it('lists functions that a macro defines by the name in the macro', async () => {
    const text = 'SYSCALL_DEFINE2(box, int, a, char __user *, b)\n{\n\treturn a;\n}\n';
    const { functions } = await itemsOf(text);
    expect(functions.map(({ name }) => name)).toEqual(['box']);
    expect(text.slice(functions[0]?.nameSpan.start, functions[0]?.nameSpan.end)).toBe('box');
  });

  it('lists variables with types and initialisers', async () => {
    const { variables } = await itemsOf(
      'static const struct ops ops = {\n\t.open = f,\n\tclose: g,\n\t.inner = { .mmap = h },\n};\nextern int count;\nchar *names[2] = { "a", "b" };\nstruct box { int a; } one, *two;\n',
    );
    expect(variables.map(({ name, type, isStatic, isExtern }) => [name, describeType(type), isStatic, isExtern])).toEqual([
      ['ops', 'struct ops', true, false],
      ['count', 'int', false, true],
      ['names', 'char*[2]', false, false],
      ['one', 'struct box', false, false],
      ['two', 'struct box*', false, false],
    ]);
    expect(variables[0]?.initializer && describeInitializer(variables[0].initializer)).toBe(
      '{ .open = f, .close = g, .inner = { .mmap = h } }',
    );
  });

  it('lists what macros declare at file level, and the calls', async () => {
    const text = 'static DEFINE_MUTEX(lock);\nLIST_HEAD(boxes);\nDEFINE_OPS(our_ops, f, g(1, 2));\nMODULE_LICENSE("GPL")\n';
    const { variables, macroCalls } = await itemsOf(text);
    expect(variables.map(({ name, type, isStatic }) => [name, describeType(type), isStatic])).toEqual([
      ['lock', 'struct mutex', true],
      ['boxes', 'struct list_head', false],
    ]);
    expect(macroCalls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ['DEFINE_MUTEX', ['lock']],
      ['LIST_HEAD', ['boxes']],
      ['DEFINE_OPS', ['our_ops', 'f', 'g(1, 2)']],
      ['MODULE_LICENSE', ['"GPL"']],
    ]);
    const call = macroCalls[2];
    expect(text.slice(call?.span.start, call?.span.end)).toBe('DEFINE_OPS(our_ops, f, g(1, 2))');
  });

  it('lists prototypes apart from variables', async () => {
    const { prototypes, variables } = await itemsOf(
      'int f(struct box *, int n) __must_check;\nstatic void g(void);\nint (*handler)(int);\n',
    );
    expect(prototypes.map(({ name, parameters }) => [name, parameters.map(({ type }) => describeType(type))])).toEqual([
      ['f', ['struct box*', 'int']],
      ['g', []],
    ]);
    expect(variables.map(({ name, type }) => `${name}: ${describeType(type)}`)).toEqual(['handler: int(int)*']);
  });

  it('lists types with their fields, nested ones too', async () => {
    const { types } = await itemsOf(
      'struct box {\n\tstruct list_head list;\n\tunsigned int a:3, b;\n\tunion { int x; long y; };\n\tstruct lid { int open; } lid[2];\n\tint (*read)(struct box *);\n\tDECLARE_BITMAP(map, 9);\n};\nenum kind { FIRST, SECOND = 4 };\ntypedef struct box *box_t, other_t;\ntypedef struct { int a; } plain_t;\n',
    );
    expect(types.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'struct box',
      'struct lid',
      'enum kind',
      'typedef box_t',
      'typedef other_t',
      'typedef plain_t',
    ]);
    const box = types[0]?.type;
    if (box?.kind !== 'tagged' || box.body?.kind !== 'fields') throw new Error('no fields');
    expect(box.body.fields.map(({ name, type, bits }) => `${name}: ${describeType(type)}${bits ? ' bits' : ''}`)).toEqual([
      'list: struct list_head',
      'a: unsigned int bits',
      'b: unsigned int',
      ': union  {}',
      'lid: struct lid {}[2]',
      'read: int(struct box*)*',
      'map: unsigned long[BITS_TO_LONGS(9)]',
    ]);
    const kind = types[2]?.type;
    if (kind?.kind !== 'tagged' || kind.body?.kind !== 'enumerators') throw new Error('no enumerators');
    expect(kind.body.enumerators.map(({ name, value }) => [name, value?.kind])).toEqual([
      ['FIRST', undefined],
      ['SECOND', 'number'],
    ]);
  });

  it('keeps the values of enumerators that are calls', async () => {
    const { types } = await itemsOf("enum { GET = _IOR('B', 1, struct box), };\n");
    const type = types[0]?.type;
    if (type?.kind !== 'tagged' || type.body?.kind !== 'enumerators') throw new Error('no enumerators');
    expect(type.body.enumerators[0]?.value?.kind).toBe('call');
  });

  it('leaves what is inactive out', async () => {
    const { functions, includes, macros } = await itemsOf(
      '#if 0\n#include "a.h"\n#define A 1\nvoid off(void) { }\n#else\n#include "b.h"\n#define B 1\nvoid on(void) { }\n#endif\n',
    );
    expect(functions.map(({ name }) => name)).toEqual(['on']);
    expect(includes.map(({ path }) => path)).toEqual(['b.h']);
    expect(macros.map(({ name }) => name)).toEqual(['B']);
  });

  it('finds the functions around a broken one, and says what is broken', async () => {
    const { functions, problems } = await itemsOf('void a(void) { }\n\nint = ) 3 ( ;;\n\nvoid b(void) { }\n');
    expect(functions.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems.length).toBeGreaterThan(0);
  });

  it.each([' foo(a, ', ' b->', ' if (', ' return', '(', ')', '[', ',', '"'])(
    'finds the functions around one with %j typed into it',
    async (typed) => {
      const { functions } = await itemsOf(
        `int a(void)\n{\n\treturn 0;\n}\n\nint b(int n)\n{\n\tn++;\n${typed}\n\treturn n;\n}\n\nint c(void)\n{\n\treturn 0;\n}\n`,
      );
      expect(functions.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    },
  );

  it('finds functions inside extern "C"', async () => {
    expect((await itemsOf('extern "C" {\nvoid a(void) { }\n}\nvoid b(void) { }\n')).functions.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

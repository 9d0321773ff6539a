/** What the model of a driver answers besides its handlers: declarations over files, bodies, macros, sources of fields. */
import { describe, expect, it } from 'vitest';
import { buildDriver } from '../../server/src/driver/build.ts';
import { programOf } from '../../server/src/driver/program.ts';
import type { Program } from '../../server/src/execution/program.ts';
import { driverOf, handlerRows, hostOf } from '../support/driver.ts';
import { syntaxFile, testGrammar } from '../support/grammar.ts';

describe('local headers', () => {
  it('are followed from the folder of the including file, and theirs from theirs', async () => {
    const driver = await driverOf('#include "inner/toy.h"\n#include <linux/mm.h>\n#include "absent.h"\nint own;\n', {
      files: {
        '/driver/inner/toy.h': '#include "regs.h"\n#include "../shared.h"\nstruct toy { int id; };\n',
        '/driver/inner/regs.h': '#define TOY_SIZE 0x1000\n',
        '/driver/shared.h': 'typedef unsigned int toy_t;\nenum { TOY_A = 4, TOY_B };\n',
        '/driver/linux/mm.h': '#define NOT_READ 1\n',
      },
    });
    expect([...driver.files.keys()]).toEqual(['/driver/own.c', '/driver/inner/toy.h', '/driver/inner/regs.h', '/driver/shared.h']);
    expect(driver.types.has('toy')).toBe(true);
    expect(driver.macros.get('TOY_SIZE')?.body.trim()).toBe('0x1000');
    expect(driver.typedefs.get('toy_t')).toEqual({ kind: 'named', name: 'unsigned int' });
    expect(driver.macros.has('NOT_READ')).toBe(false);
  });

  it('that include each other in a circle are read once', async () => {
    const driver = await driverOf('#include "a.h"\n', {
      files: {
        '/driver/a.h': '#include "b.h"\nint from_a(void);\n',
        '/driver/b.h': '#include "a.h"\n#include "own.c"\nint from_b(void);\n',
      },
    });
    expect([...driver.files.keys()]).toEqual(['/driver/own.c', '/driver/a.h', '/driver/b.h']);
  });

  it('end at a budget', async () => {
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`/driver/h${index}.h`, `#include "h${index + 1}.h"\n`]));
    const driver = await driverOf('#include "h0.h"\n', { files });
    expect(driver.files.size).toBeGreaterThan(4);
    expect(driver.files.size).toBeLessThan(100);
  });

  it('give macros that make tables, structs that hold tables, and functions', async () => {
    const text = '#include "toy.h"\nTOY_FOPS(own_fops, own);\nstatic struct toy_driver driver = {\n\t.ops = { .mmap = header_mmap },\n};\n';
    const files = {
      '/driver/toy.h': `#define TOY_FOPS(name, p) static const struct file_operations name = { .mmap = p##_mmap }
struct toy_driver { struct uio_info ops; };
static inline int header_mmap(struct uio_info *info, struct vm_area_struct *vma) { return -ENODEV; }\n`,
    };
    expect(await handlerRows(text, { files })).toEqual(['own_mmap file_operations.mmap @2', 'header_mmap uio_info.mmap @4']);
    const driver = await driverOf(text, { files });
    expect(driver.handlers.map(({ file, defined }) => [file, defined])).toEqual([
      ['/driver/own.c', false],
      ['/driver/toy.h', true],
    ]);
    expect(driver.body('header_mmap')?.body.statements).toHaveLength(1);
  });

  it('are read anew when their text changes, and only then', async () => {
    const files: Record<string, string> = { '/driver/toy.h': 'struct toy { int a; };\n' };
    const host = hostOf(files);
    const target = { version: { major: 6, minor: 12, patch: 0 }, config: new Map<string, string>(), longBits: 64 } as const;
    const syntax = await syntaxFile('#include "toy.h"\n');
    const build = async () => buildDriver({ grammar: await testGrammar(), host, target }, '/driver/own.c', syntax);
    const first = (await build()).types.get('toy');
    expect(first).toBeDefined();
    expect((await build()).types.get('toy')).toBe(first);
    files['/driver/toy.h'] = 'struct toy { int b; };\n';
    expect((await build()).types.get('toy')).not.toEqual(first);
  });
});

describe('macros of local headers', () => {
  const text = '#include "config.h"\n#ifdef HAVE_TABLE\nstatic const struct file_operations fops = { .mmap = own_mmap };\n#endif\n';

  it('decide which branches of the file are compiled', async () => {
    expect(await handlerRows(text)).toEqual([]);
    expect(await handlerRows(text, { files: { '/driver/config.h': '#define HAVE_TABLE 1\n' } })).toEqual([
      'own_mmap file_operations.mmap @3',
    ]);
  });

  it('decide within headers that include them, and are read anew when they change', async () => {
    const files: Record<string, string> = {
      '/driver/toy.h': '#include "sub/config.h"\n#ifdef HAVE_TABLE\nstruct toy { int a; };\n#endif\n',
      '/driver/sub/config.h': '#include "more.h"\n',
      '/driver/sub/more.h': '#define HAVE_TABLE\n',
    };
    const host = hostOf(files);
    const target = { version: { major: 6, minor: 12, patch: 0 }, config: new Map<string, string>(), longBits: 64 } as const;
    const syntax = await syntaxFile('#include "toy.h"\n');
    const build = async () => buildDriver({ grammar: await testGrammar(), host, target }, '/driver/own.c', syntax);
    expect((await build()).types.has('toy')).toBe(true);
    files['/driver/sub/more.h'] = '#undef HAVE_TABLE\n';
    expect((await build()).types.has('toy')).toBe(false);
  });
});

describe('declarations', () => {
  it("are the own file's where a header has the same name", async () => {
    const driver = await driverOf('#include "toy.h"\n#define TOY 1\nstatic int toy(void) { return 1; }\n', {
      files: { '/driver/toy.h': '#define TOY 2\nstatic int toy(void) { return 2; }\nextern int shared;\n' },
    });
    expect(driver.macros.get('TOY')?.body.trim()).toBe('1');
    expect(driver.functions.get('toy')?.file).toBe('/driver/own.c');
    expect(driver.variables.get('shared')?.isExtern).toBe(true);
  });

  it('prefer a variable to its extern declaration, and a struct to its mention', async () => {
    const driver = await driverOf('extern int count;\nint count = 3;\nstruct toy;\nstruct toy { int id; };\n');
    expect(driver.variables.get('count')?.initializer).toBeDefined();
    const type = driver.types.get('toy')?.type;
    expect(type?.kind === 'tagged' && type.body?.kind).toBe('fields');
  });

  it('count enumerators from the last value that is spelled', async () => {
    const driver = await driverOf('enum toy { A, B, C = 1 << 4, D };\n');
    const steps = ['A', 'B', 'C', 'D'].map((name) => driver.enumeratorSteps.get(name));
    expect(steps.map((step) => [step?.base?.kind, step?.plus])).toEqual([
      [undefined, 0n],
      [undefined, 1n],
      ['binary', 0n],
      ['binary', 1n],
    ]);
  });

  it('answer as the program that the executor runs', async () => {
    const driver = await driverOf('#define TWICE(x) ((x) * 2)\nstruct toy { int id; };\nint toy(void) { return TWICE(4); }\n');
    const program: Program = programOf(driver);
    expect(program.function('toy')?.definition()?.name).toBe('toy');
    expect(program.macro('TWICE')).toMatchObject({ parameters: ['x'], meaning: { kind: 'expression' } });
    expect(program.type('struct', 'toy')).toBeDefined();
    expect(program.type('union', 'toy')).toBeUndefined();
    expect(program.function('absent')).toBeUndefined();
  });
});

describe('sources of fields', () => {
  const text = `struct toy { struct part part; void *mem; unsigned long size; };
struct part { void *mem; };
static struct toy preset = { .size = 4096 };
static int toy_probe(struct platform_device *pdev)
{
\tstruct toy *toy = devm_kzalloc(&pdev->dev, sizeof(*toy), GFP_KERNEL);
\tstruct toy copy = { .mem = other_memory() };
\ttoy->mem = vmalloc_user(toy->size);
\ttoy->part.mem = kmalloc(16, GFP_KERNEL);
\tuntyped()->mem = 0;
\treturn 0;
}\n`;

  it('come with their struct, nearest first', async () => {
    const driver = await driverOf(text);
    const seen = driver
      .sourcesOf('toy', 'mem')
      .map(({ struct, value, function: name }) => [struct, text.slice(value.span.start, value.span.end), name]);
    expect(seen).toEqual([
      ['toy', 'other_memory()', 'toy_probe'],
      ['toy', 'vmalloc_user(toy->size)', 'toy_probe'],
      [undefined, '0', 'toy_probe'],
    ]);
    expect(driver.sourcesOf('part', 'mem').map(({ struct }) => struct)).toEqual(['part', undefined]);
    expect(driver.sourcesOf(undefined, 'mem')).toHaveLength(4);
  });

  it('include initializers of the file', async () => {
    const driver = await driverOf(text);
    expect(driver.sourcesOf('toy', 'size')).toMatchObject([{ struct: 'toy', field: 'size', function: '' }]);
    expect(driver.sourcesOf('toy', 'absent')).toEqual([]);
  });

  it('follow container_of, typedefs, casts and functions', async () => {
    const driver = await driverOf(`struct toy { int a; };
typedef struct toy toy_t;
#define to_toy(d) container_of(d, struct toy, dev)
static struct toy *find(void);
static void set(void *data, struct device *dev)
{
\ttoy_t *one = data;
\tone->a = 1;
\t((struct toy *)data)->a = 2;
\tto_toy(dev)->a = 3;
\tfind()->a = 4;
\tcontainer_of(dev, struct toy, dev)->a = 5;
}\n`);
    expect(driver.sourcesOf('toy', 'a').map(({ struct }) => struct)).toEqual(['toy', 'toy', 'toy', 'toy', 'toy']);
  });
});

/** The mask of the kernel dialect: what it rewrites, always at equal length. */
import { describe, expect, it } from 'vitest';
import { mask } from '../../server/src/syntax/mask/mask.ts';
import { scan } from '../../server/src/syntax/scan.ts';
import { testGrammar, testTarget } from '../support/grammar.ts';

async function errorsIn(text: string): Promise<{ readonly masked: string; readonly broken: boolean }> {
  const masked = mask(scan(text, testTarget)).text;
  const tree = (await testGrammar()).parser.parse(masked);
  const broken = tree?.rootNode.hasError ?? true;
  tree?.delete();
  return { masked, broken };
}

const atFileLevel: readonly string[] = [
  'static int __init start(void)\n{\n\treturn 0;\n}',
  'static __always_inline int __must_check f(char __user *p, void __iomem *r) { return 0; }',
  'static void unlock(struct box *b) __releases(&b->lock) { }',
  'static struct box *__must_check find(int n);',
  'static int limit __read_mostly = 4;',
  'static u8 address[6] __long_aligned = { 1, 2 };',
  'static int LOCAL_ATTRIBUTE value = 3;',
  'STATIC box_t open_it(int n) { return n; }',
  'struct box { int a; } __packed __aligned(4);',
  'static struct box { int a; } table[] __initdata = { { 1 } };',
  'MODULE_LICENSE("GPL");\nEXPORT_SYMBOL_GPL(f)\nint after;',
  'static DEFINE_MUTEX(lock);\nstatic LIST_HEAD(boxes);\nint after;',
  'static DEFINE_PER_CPU(struct box, boxes) = {\n\t.a = 1,\n};',
  'static DEFINE_PER_CPU(struct box *, current_box);',
  'DEFINE_SHOW(one)\nDEFINE_SHOW(two)\nstatic int after(void) { return 0; }',
  'SYSCALL_DEFINE2(box, int, a, char __user *, b)\n{\n\treturn a;\n}',
  'asm(".globl x");\nint after;',
  'struct box { DECLARE_BITMAP(map, 32); DECLARE_FLEX_ARRAY(int, tail); u32 : 4; unsigned int a:1, :2, b:3; };',
  'struct box { struct_group(head, int a; int b;); static_assert(1); COMMON_FIELDS };',
  'struct box { u64 (*read)(struct box *, int n, void *data); size_t (__callconv *size)(struct box *); };',
  'typedef void __noreturn (*entry_t)(bool on, unsigned long line);',
  'enum kind { FIRST, ENTRY(second), THIRD = VALUE(3, struct box), };',
  'static const struct ops ops = {\n\t.owner = THIS_MODULE,\n\tSET_PM(suspend, resume)\n\tSET_MORE(a, b)\n\t.open = f,\n};',
  'static const int table[] = { [0 ... 3] = 1, [4] 2, FIRST(1) SECOND(2) };',
  'static struct ops ops = { open: f, close: g };',
  'static const char *text = PREFIX "a" SUFFIX __stringify(x) "b";',
  'int (*handlers[])(struct box *) = { f, g };',
  '__printf(1, 2) void log_it(const char *format, ...);',
  '#define NOTHING\nNOTHING static int a;\nint b NOTHING;',
  'extern "C" {\nint f(void);\n}',
  'static const struct quirk quirks[] = { QUIRK("a", { 1, 2 }, [0 ... 3] = 4), { } };\nMODULE_LICENSE("GPL")\nint after;',
  'enum kind { FIRST_LIST SECOND_LIST LAST };',
  'static struct platform_driver driver __refdata = {\n\t.remove = __exit_p(gone),\n};',
];

const inFunction: readonly string[] = [
  'list_for_each_entry(b, &boxes, list) { use(b); }',
  'for_each_thing(b)\n\tif (b)\n\t\tuse(b);',
  'our_iterator(b, list) { use(b); }',
  'each() { use(b); }',
  'foreach_long_name() { use(b); }',
  'CHECK_STATE(b)\n\tuse(b);',
  'LAST_CALL(b)',
  'again:\n\tuse(b);\nout:',
  'goto out;\nout:\n\tint late = 1;',
  'switch (n) { case 1 ... 3: case 0x10 ... 0x1f: break; default: }',
  'switch (n) { LIST_OF_CASES default: break; }',
  'typeof(*b) *c = (typeof(b))b, d = { 0 };',
  'x = container_of(p, struct box, list) + offsetof(struct box, a.b[2]) + sizeof(struct box);',
  'y = min_t(unsigned int, a, b) + va_arg(ap, char *) + PTR(const char *, p);',
  'RETURN_IF(a == b, return -1); COMPARE(a, ==, b); OPTIONAL(, a); OPTIONAL(a,);',
  'asm volatile("nop" : "=r" (x) : "0" (y) : "memory"); asm goto("" : : : : out);',
  'guard(mutex)(&b->lock); scoped_guard(spinlock, &b->lock) { use(b); }',
  'struct box *p __free(kfree) = NULL, *q __maybe_unused;',
  'DECLARE_BITMAP(map, 64) = { 0 }; static DECLARE_WORK(work, run); DECLARE_COMPLETION_ONSTACK(done);',
  'printk(KERN_INFO PREFIX "a" FMT "b" HEX(4) "c");',
  'x = ({ int a = 1; a + 1; });',
  'p = (struct box __user *)arg; q = (__force u32)p; r = &(struct box){ .a = 1 };',
  'CHANNEL(3D, 15_0, 1000baseT);',
  '__acquire(lock); __release(lock);',
  'forever { use(b); }',
  'do { use(b); } while (0); POSTAMBLE',
  'if (a) fallthrough; else if (b) ; else use(b);',
  'TAKES_STATEMENTS(a, { use(a); use(b); }); TAKES_LIST({ 1, 2 });',
  'do { use(b); } while_each_box(b, list);',
  'if box_after(b, 3)\n\t\tuse(b);',
  'register u32 r asm("r0") = 3;',
  'static struct HEADER(2) h = { [0] = 60 SECONDS };',
  '__batch_init(b); x = __our_init(b, 3);',
];

describe('the mask', () => {
  it.each(atFileLevel)('makes C of %j', async (text) => {
    const { masked, broken } = await errorsIn(`${text}\n`);
    expect(masked).toHaveLength(text.length + 1);
    expect(broken ? masked : 'parsed').toBe('parsed');
  });

  it.each(inFunction)('makes C of the statements %j', async (body) => {
    const { masked, broken } = await errorsIn(`static int f(struct box *b)\n{\n\t${body}\n}\n`);
    expect(broken ? masked : 'parsed').toBe('parsed');
  });

  it('leaves plain C alone', () => {
    const text = 'static int add(int a, int b)\n{\n\tif (a > 0 && (b & 1))\n\t\treturn a + b * 2;\n\treturn call(a, &b)->c[3];\n}\n';
    expect(mask(scan(text, testTarget)).text).toBe(text);
  });

  it('masks a body when it is asked for, as it masks all of them', () => {
    const text = 'void f(void) { for_each_box(b) use(b); } typedef int t;\nvoid g(void) { while_each(c) { } return (t) - 1; }\n';
    const first = text.indexOf('void g');
    const whole = mask(scan(text, testTarget));
    const second = mask(scan(text, testTarget));
    expect([...second.marks.iterators]).toEqual([]);
    expect(second.outside.map((piece) => piece.text).join('')).toBe('void f(void) {} typedef int t;\nvoid g(void) {}\n');
    expect(second.piece({ start: first, end: text.length })).toEqual({ start: first, text: whole.text.slice(first) });
    expect([...second.marks.iterators.keys()]).toEqual([text.indexOf('while_each')]);
    expect(second.text).toBe(whole.text);
    expect(second.marks).toEqual(whole.marks);
  });

  it('does not take a call for an iterator because of its name', () => {
    const { text: masked, marks } = mask(scan('void f(void) { idr_for_each(&idr, g, 0); for_each_box(b) use(b); }', testTarget));
    expect(masked).toContain('while');
    expect([...marks.iterators.values()]).toEqual(['for_each_box']);
  });

  it('does not take a function for an attribute because of its name', () => {
    const text = 'static int __box_init(struct box *b) { return __box_init(b); }';
    expect(mask(scan(text, testTarget)).text).toBe(text);
  });

  it('takes out macros that the file defines as nothing, unless it defines them otherwise too', () => {
    const once = '#define TRACE(x)\nvoid f(void) { TRACE(a); g(); }\n';
    const twice = `#define TRACE(x) log_it(x)\n#undef TRACE\n${once}`;
    expect(mask(scan(once, testTarget)).text).not.toContain('TRACE');
    expect(mask(scan(twice, testTarget)).text).toContain('TRACE(a);');
  });

  it('goes on at file level behind an argument in braces', () => {
    const { marks } = mask(scan('struct q t[] = { QUIRK("a", { 1, 2 }) };\nMODULE_LICENSE("GPL");\n', testTarget));
    expect(marks.fileMacroCalls.map(({ name }) => name)).toEqual(['MODULE_LICENSE']);
  });

  it('keeps its offsets over emoji, CRLF and a byte order mark', () => {
    const text = '\uFEFF/* 😀ü */\r\nstatic int __init f(void)\r\n{\r\n\tg("😀");\r\n}\r\n';
    const { text: masked } = mask(scan(text, testTarget));
    expect(masked).toHaveLength(text.length);
    expect(masked.indexOf('g("😀")')).toBe(text.indexOf('g("😀")'));
  });

  it('goes on with a string behind a backslash and CRLF', async () => {
    const text = 'void f(void)\r\n{\r\n\tg("one \\\r\n\t\ttwo");\r\n}\r\n';
    const { text: masked } = mask(scan(text, testTarget));
    expect(masked).toHaveLength(text.length);
    expect((await testGrammar()).parser.parse(masked)?.rootNode.hasError).toBe(false);
  });
});

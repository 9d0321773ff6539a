/** Expressions of C as the AST has them. */
import { describe, expect, it } from 'vitest';
import { loweredExpression, loweredFunction, problemsOf } from '../support/lowered.ts';

describe('lowered expressions', () => {
  it.each([
    ['a + b * c - d', '[[a + [b * c]] - d]'],
    ['a << 2 | b & ~c', '[[a << 2] | [b & ~[c]]]'],
    ['a == b && !c || d', '[[[a == b] && ![c]] || d]'],
    ['p->q.r[3]', 'p->q.r[3]'],
    ['*p++ + --n', '[*[[p]++] + --[n]]'],
    ['&a[1].b', '&[a[1].b]'],
    ['f(a, g(b), &c)', 'f(a, g(b), &[c])'],
    ['(*f)(x)', '*[f](x)'],
    ['a ? b : c', '[a ? b : c]'],
    ['a ?: c', '[a ?  : c]'],
    ['(a, b)', 'a, b'],
    ['(a = 3) != 0', '[a = 3 != 0]'],
    ['-x', '-[x]'],
    ['a - 1', '[a - 1]'],
    ['a -1', '[a - 1]'],
    ['0x1fUL + 017 + 0b11 + 10ull', '[[[31ul + 15] + 3] + 10ull]'],
    ['-1', '-[1]'],
    ["'a' + '\\n' + '\\xff'", '[[character 97 + character 10] + character -1]'],
    ['"a\\tb" "c"', '"a\\tbc"'],
    ['"a" FMT "c"', '"ac"+'],
    ['LEVEL PREFIX "c"', '"c"+'],
    ['"a" HEX(4)', '"a"+'],
    ['NULL', 'NULL'],
    ['({ int a = 1; a; })', '({ a: int = 1; a; })'],
    ['__extension__ a', 'a'],
  ])('%s', async (text, expected) => expect(await loweredExpression(text)).toBe(expected));

  it.each([
    ['(u32)x + 1', '[<u32>x + 1]'],
    ['(struct box *)p', '<struct box*>p'],
    ['(unsigned long)(a) + b', '[<unsigned long>a + b]'],
    ['(u32)(a)', '<u32>a'],
    ['(long unsigned int)a', '<unsigned long>a'],
    ['(char __user *)arg', '<char*>arg'],
    ['(__force u32)p', '<u32>p'],
    ['(u8)-1', '<u8>-[1]'],
    ['(dma_addr_t)-1', '<dma_addr_t>-[1]'],
    ['(u32)(uintptr_t)p', '<u32><uintptr_t>p'],
    ['(other)(uintptr_t)p', '<other><uintptr_t>p'],
    ['(void *)-1 == p', '[<void*>-[1] == p]'],
    ['(int (*)(void))p', '<int()*>p'],
    ['(typeof(a))b', '<typeof(a)>b'],
    ['(mine)(a)', '<mine>a'],
    ['(struct box){ .a = 1, 2 }', '<struct box>{ .a = 1, 2 }'],
  ])('casts: %s', async (text, expected) => expect(await loweredExpression(text, 'typedef unsigned long mine;')).toBe(expected));

  it.each([
    ['(size) - rest * 2 == d', '[[size - [rest * 2]] == d]'],
    ['(a) & b == c', '[a & [b == c]]'],
    ['(a) * b', '[a * b]'],
    ['(table[3]) - b * c', '[table[3] - [b * c]]'],
    ['(ALIGN(x)) - b * c', '[ALIGN(x) - [b * c]]'],
    ['(f)(a)', 'f(a)'],
    ['f((a) - b, (c) & d)', 'f([a - b], [c & d])'],
    ['sizeof(a) - b * c', '[sizeof a - [b * c]]'],
  ])('does not take a value in parentheses for a type: %s', async (text, expected) => expect(await loweredExpression(text)).toBe(expected));

  it.each([
    ['sizeof(struct box)', 'sizeof <struct box>'],
    ['sizeof(u32) * 2', '[sizeof <u32> * 2]'],
    ['sizeof(*p)', 'sizeof *[p]'],
    ['sizeof(count)', 'sizeof count'],
    ['sizeof(unsigned int[4])', 'sizeof <unsigned int[4]>'],
    ['container_of(p, struct box, list)', 'container_of(p, <struct box>, list)'],
    ['container_of(p, typeof(*q), list)', 'container_of(p, <typeof(*[q])>, list)'],
    ['offsetof(struct box, a.b[2])', 'offsetof(<struct box>, a.b[2])'],
    ['min_t(u32, a, b)', 'min_t(<u32>, a, b)'],
    ['max_t(unsigned long long, a, b)', 'max_t(<unsigned long long>, a, b)'],
    ['va_arg(ap, const char **)', 'va_arg(ap, <char**>)'],
    ['kzalloc_obj(struct box)', 'kzalloc_obj(<struct box>)'],
    ['__alignof__(struct box)', '__alignof__(<struct box>)'],
    ['min(a, b)', 'min(a, b)'],
  ])('types as operands: %s', async (text, expected) => expect(await loweredExpression(text)).toBe(expected));

  it('keeps what is no expression as unknown', async () => {
    expect(await loweredExpression('CHECK(a, return -1)')).toBe('CHECK(a, unknown return -1)');
    expect(await loweredExpression('1.5')).toBe('unknown 1.5');
    expect(await loweredExpression('PASTE(3D)')).toBe('PASTE(3D)');
  });

  it('keeps the rest of a function when one expression is broken', async () => {
    const definition = await loweredFunction('int f(int a)\n{\n\ta = 1;\n\ta = (a +;\n\treturn a;\n}\n');
    const kinds = definition.body.statements.map(({ kind }) => kind);
    expect(kinds[0]).toBe('expression');
    expect(kinds.at(-1)).toBe('return');
    expect(definition.problems.length).toBeGreaterThan(0);
  });

  it('has spans that are the text, with emoji, tabs and CRLF before them', async () => {
    const text = '\uFEFF// 😀\r\nvoid f(void)\r\n{\r\n\tx = f("😀ü", b->count);\r\n}\r\n';
    const { body } = await loweredFunction(text);
    const [statement] = body.statements;
    if (statement?.kind !== 'expression' || statement.expression.kind !== 'assignment') throw new Error('not an assignment');
    const { target, value } = statement.expression;
    expect(text.slice(target.span.start, target.span.end)).toBe('x');
    expect(text.slice(value.span.start, value.span.end)).toBe('f("😀ü", b->count)');
    if (value.kind !== 'call' || value.arguments[1]?.kind !== 'member') throw new Error('not a call');
    const { fieldSpan } = value.arguments[1];
    expect(text.slice(fieldSpan.start, fieldSpan.end)).toBe('count');
  });

  it('has no problems in what it understands', async () => {
    expect(await problemsOf('x = ({ f(a); }) + (b ? c : d); asm volatile("nop"); guard(mutex)(&a);')).toEqual([]);
  });
});

/** The kernel's everyday helpers, run as C in a world of numbers. */
import { describe, expect, it } from 'vitest';
import type { Value } from '../../server/src/execution/value.ts';
import type { ExternalCall, Machine } from '../../server/src/execution/world.ts';
import { allocate, allocatorOf } from '../../server/src/services/allocators.ts';
import { kernelDialect } from '../../server/src/services/kernel-types.ts';
import { lockCall } from '../../server/src/services/locks.ts';
import { callService, isService } from '../../server/src/services/services.ts';
import { numberIn, outcomeOf, TestWorld } from '../support/program.ts';

/** Answers calls by the services, and allocations by a fresh object. */
class ServiceWorld extends TestWorld {
  override call(machine: Machine, call: ExternalCall): Value {
    const allocator = allocatorOf(call.name);
    if (allocator) return allocate(machine, call, allocator);
    return callService(machine, call, this) ?? super.call(machine, call);
  }

  override constant(name: string): ReturnType<TestWorld['constant']> {
    return name === 'NULL' ? { value: 0n, type: { kind: 'pointer', to: { kind: 'void' } } } : undefined;
  }
}

async function stopOf(body: string): Promise<unknown> {
  const outcome = await outcomeOf(body, 'main', [], new ServiceWorld(), kernelDialect);
  return outcome.kind === 'stopped' ? outcome.stop : outcome.value;
}

async function value(expression: string, before = ''): Promise<bigint> {
  const outcome = await outcomeOf(
    `${before}\nlong long main(void) { return ${expression}; }`,
    'main',
    [],
    new ServiceWorld(),
    kernelDialect,
  );
  if (outcome.kind === 'stopped') throw new Error(JSON.stringify(outcome.stop));
  return numberIn(outcome.value);
}

async function result(body: string): Promise<bigint> {
  const outcome = await outcomeOf(`long long main(void) { ${body} }`, 'main', [], new ServiceWorld(), kernelDialect);
  if (outcome.kind === 'stopped') throw new Error(JSON.stringify(outcome.stop));
  return numberIn(outcome.value);
}

describe('arithmetic', () => {
  it.each([
    ['min(3, 5)', 3n],
    ['max(3U, 5U)', 5n],
    ['min_t(u8, 300, 100)', 44n],
    ['clamp(7, 1, 5)', 5n],
    ['ALIGN(5, 4)', 8n],
    ['ALIGN(8UL, 4)', 8n],
    ['ALIGN_DOWN(7, 4)', 4n],
    ['PAGE_ALIGN(4097UL)', 8192n],
    ['PAGE_ALIGN(-1UL)', 0n],
    ['IS_ALIGNED(8192, 4096)', 1n],
    ['round_up(9, 8)', 16n],
    ['roundup(10, 3)', 12n],
    ['DIV_ROUND_UP(10, 4)', 3n],
    ['is_power_of_2(64)', 1n],
    ['is_power_of_2(0)', 0n],
    ['order_base_2(5)', 3n],
    ['ilog2(4096)', 12n],
    ['get_order(4097UL)', 1n],
    ['get_order(1UL)', 0n],
    ['fls(0x80)', 8n],
    ['hweight32(0xf0f)', 8n],
    ['BIT(5)', 32n],
    ['GENMASK(7, 4)', 0xf0n],
    ['upper_32_bits(0x123456789abcdef0ULL)', 0x12345678n],
    ['lower_32_bits(0x123456789abcdef0ULL)', 0x9abcdef0n],
    ['swab32(0x12345678)', 0x78563412n],
    ['cpu_to_be16(0x1234)', 0x3412n],
    ['PFN_DOWN(0x12345678UL)', 0x12345n],
    ['PFN_UP(0x12345001UL)', 0x12346n],
    ['PFN_PHYS(2)', 8192n],
    ['array_size(4, 8)', 32n],
    ['size_mul(1UL << 40, 1UL << 30) == ~0UL', 1n],
    ['size_add(~0UL, 1) == ~0UL', 1n],
    ['offset_in_page(0x1234UL)', 0x234n],
  ])('%s is %i', async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  it('reports overflow and still gives the wrapped result', async () => {
    expect(await result('unsigned int d; int e = check_add_overflow(0xffffffffU, 2U, &d); return e * 100 + d;')).toBe(101n);
    expect(await result('unsigned int d; int e = check_mul_overflow(3U, 4U, &d); return e * 100 + d;')).toBe(12n);
    expect(await result('unsigned long d; return check_sub_overflow(1UL, 2UL, &d);')).toBe(1n);
    expect(await result('return in_range(5UL, 4UL, 2UL) * 10 + in_range(3UL, 4UL, 2UL) + in_range(6UL, 4UL, 2UL);')).toBe(10n);
    expect(await result('unsigned long d; return check_shl_overflow(1UL << 52, 12, &d);')).toBe(1n);
    expect(await result('unsigned long d; check_shl_overflow(3UL, 12, &d); return d;')).toBe(12288n);
    expect(await result('unsigned long d; return check_shl_overflow(1UL << 51, 12, &d);')).toBe(0n);
  });
});

describe('error pointers', () => {
  it('carry an error', async () => {
    expect(await result('void *p = ERR_PTR(-12); return IS_ERR(p) ? PTR_ERR(p) : 0;')).toBe(-12n);
    expect(await result('int x; void *p = &x; return IS_ERR(p) + IS_ERR_OR_NULL(p) + PTR_ERR_OR_ZERO(p);')).toBe(0n);
    expect(await result('return IS_ERR(NULL) * 10 + IS_ERR_OR_NULL(NULL);')).toBe(1n);
    expect(await result('return PTR_ERR_OR_ZERO(ERR_PTR(-5));')).toBe(-5n);
  });
});

describe('hints', () => {
  it('hand their value through', async () => {
    expect(await result('int x = 3; return likely(x == 3) * 10 + READ_ONCE(x);')).toBe(13n);
    expect(await result('return WARN_ON(5) + (WARN_ON_ONCE(0) ? 10 : 0);')).toBe(1n);
    expect(await result('return array_index_nospec(3UL, 4UL) * 10 + array_index_nospec(9UL, 4UL);')).toBe(30n);
  });

  it('end the kernel', async () => {
    expect(await stopOf('int main(void) { BUG_ON(1); return 0; }')).toEqual({ kind: 'kernel', message: 'BUG_ON stops the kernel' });
    expect(await result('BUG_ON(0); return 7;')).toBe(7n);
  });

  it('print without effect', async () => {
    expect(await result('dev_err(0, "text %d", 1); pr_info("x"); return 1;')).toBe(1n);
    expect(isService('netdev_dbg')).toBe(true);
    expect(isService('dev_unheard_of')).toBe(false);
  });
});

describe('counters', () => {
  it('count', async () => {
    expect(await result('atomic_t a; atomic_set(&a, 5); atomic_inc(&a); atomic_add(3, &a); return atomic_dec_return(&a);')).toBe(8n);
    expect(await result('refcount_t r; refcount_set(&r, 2); return refcount_dec_and_test(&r) * 10 + refcount_dec_and_test(&r);')).toBe(1n);
    expect(await result('refcount_t r; refcount_set(&r, 0); return refcount_inc_not_zero(&r);')).toBe(0n);
    expect(
      await result(
        'atomic_t a; struct mutex m; atomic_set(&a, 2); return atomic_dec_and_mutex_lock(&a, &m) * 10 + atomic_dec_and_mutex_lock(&a, &m);',
      ),
    ).toBe(1n);
    expect(await result('unsigned long w = 0; set_bit(3, &w); return test_and_clear_bit(3, &w) * 100 + w;')).toBe(100n);
  });

  it('call the release function with the last reference', async () => {
    const source = `
struct box { int x; struct kref ref; };
static int released;
static void box_release(struct kref *ref) { released = container_of(ref, struct box, ref)->x; }
long long main(void)
{
	struct box *box = kzalloc(sizeof(*box), 0);
	int before;
	released = 1;
	box->x = 42;
	kref_init(&box->ref);
	kref_get(&box->ref);
	kref_put(&box->ref, box_release);
	before = released;
	kref_put(&box->ref, box_release);
	return before * 100 + released;
}`;
    const outcome = await outcomeOf(source, 'main', [], new ServiceWorld(), kernelDialect);
    expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(142n);
  });
});

describe('lists', () => {
  it('are linked as the kernel links them', async () => {
    const source = `
struct item { int x; struct list_head node; };
long long main(void)
{
	struct list_head head;
	struct item *a = kzalloc(sizeof(*a), 0), *b = kzalloc(sizeof(*b), 0);
	int empty, first, last;
	a->x = 1;
	b->x = 2;
	INIT_LIST_HEAD(&head);
	empty = list_empty(&head);
	list_add(&a->node, &head);
	list_add_tail(&b->node, &head);
	first = list_entry(head.next, struct item, node)->x;
	last = list_entry(head.prev, struct item, node)->x;
	list_del(&a->node);
	return empty * 10000 + list_empty(&head) * 1000 + first * 100 + last * 10 + list_entry(head.next, struct item, node)->x;
}`;
    const outcome = await outcomeOf(source, 'main', [], new ServiceWorld(), kernelDialect);
    expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(10122n);
  });
});

describe('memory', () => {
  it('is cleared and copied', async () => {
    const source = (body: string): string => `struct pair { int a; int b; }; long long main(void) { struct pair p, q; ${body} }`;
    const run = async (body: string): Promise<bigint> => {
      const outcome = await outcomeOf(source(body), 'main', [], new ServiceWorld(), kernelDialect);
      return outcome.kind === 'returned' ? numberIn(outcome.value) : -1n;
    };
    expect(await run('p.a = 5; memset(&p, 0, sizeof(p)); return p.a + p.b;')).toBe(0n);
    expect(await run('p.a = 5; p.b = 6; memcpy(&q, &p, sizeof(q)); p.a = 1; return q.a * 10 + q.b;')).toBe(56n);
    expect(await run('return strcmp("a", "a") * 10 + strlen("abc");')).toBe(3n);
  });

  it('comes from allocators that say what it is', () => {
    expect(allocatorOf('vmalloc_user')).toMatchObject({ memory: 'vmalloc', zeroed: true });
    expect(allocatorOf('devm_kzalloc')).toMatchObject({ memory: 'slab', as: 'kzalloc' });
    expect(allocatorOf('kfree')).toBeUndefined();
  });
});

describe('accessors', () => {
  it('read and write the fields they stand for', async () => {
    const source = `
long long main(void)
{
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), 0);
	pdev->resource[2].start = 0x1000;
	pdev->resource[2].end = 0x2fff;
	pci_set_drvdata(pdev, pdev);
	return pci_resource_start(pdev, 2) + pci_resource_len(pdev, 2) + (dev_get_drvdata(&pdev->dev) == pdev);
}`;
    const outcome = await outcomeOf(source, 'main', [], new ServiceWorld(), kernelDialect);
    expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(0x3001n);
    expect(await value('MINOR(MKDEV(5, 7)) * 100 + MAJOR(MKDEV(5, 7))')).toBe(705n);
  });
});

describe('containers', () => {
  const run = async (body: string): Promise<bigint> => {
    const source = `static struct device *known; long long main(void) { struct pci_dev *pdev = kzalloc(sizeof(*pdev), 0); ${body} }`;
    const outcome = await outcomeOf(source, 'main', [], new ServiceWorld(), kernelDialect);
    return outcome.kind === 'returned' ? numberIn(outcome.value) : -1n;
  };

  it('are found around a member', async () => {
    expect(await run('pdev->vendor = 7; return to_pci_dev(&pdev->dev)->vendor;')).toBe(7n);
  });

  it('are made up around a part that was met alone, once', async () => {
    expect(await run('to_pci_dev(known)->vendor = 9; return to_pci_dev(known)->vendor;')).toBe(9n);
    expect(await run('known->id = 5; return to_pci_dev(known)->dev.id;')).toBe(5n);
  });
});

describe('assignments by macro', () => {
  it('reach the variable', async () => {
    expect(await result('int a = 1, b = 2; WRITE_ONCE(a, 5); swap(a, b); return a * 10 + b;')).toBe(25n);
    expect(await result('int t[6]; return ARRAY_SIZE(t);')).toBe(6n);
    const ring = 'struct ring { long head; int slots[]; };\nlong long main(void) { struct ring *r;';
    const sizes = `${ring} return struct_size(r, slots, 3) * 100 + flex_array_size(r, slots, 5); }`;
    const outcome = await outcomeOf(sizes, 'main', [], new ServiceWorld(), kernelDialect);
    expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(2020n);
  });
});

describe('lock calls', () => {
  const call = (name: string, ...args: readonly Value[]): ExternalCall =>
    ({ name, arguments: args, expressions: [], types: [], place: () => undefined }) as unknown as ExternalCall;

  it('know the mmap lock by all its names', () => {
    const type = { kind: 'struct' as const, tag: 'struct' as const, name: 'mm_struct' };
    const object = { id: 1, name: 'mm', type, origin: { kind: 'global' as const }, cells: new Map() };
    const sem = (field: string): Value => ({ kind: 'pointer', place: { object, path: [{ kind: 'field', name: field }] }, pointee: type });
    expect(lockCall(call('mmap_write_lock'))).toMatchObject({ kind: 'mmap-write', action: 'take' });
    expect(lockCall(call('down_read', sem('mmap_sem')))).toMatchObject({ kind: 'mmap-read' });
    expect(lockCall(call('down_read', sem('other_sem')))).toMatchObject({ kind: 'rwsem' });
    expect(lockCall(call('mmap_write_downgrade'))).toMatchObject({ kind: 'mmap-read', action: 'downgrade' });
    expect(lockCall(call('mutex_trylock'))).toMatchObject({ kind: 'mutex', result: 'truth' });
    expect(lockCall(call('kmalloc'))).toBeUndefined();
  });
});

describe('maps from numbers to objects', () => {
  const before = 'struct idr { int x; }; struct ida { int x; }; struct xarray { int x; };\n';

  it.each([
    [
      'idr_alloc gives the first free number, idr_find what was stored',
      'int a, b; struct idr m; idr_init(&m); int x = idr_alloc(&m, &a, 1, 0, 0); int y = idr_alloc(&m, &b, 1, 0, 0); return x * 10 + y + (idr_find(&m, 2) == &b ? 100 : 0);',
      112n,
    ],
    ['a number that was never taken is NULL', 'struct idr m; idr_init(&m); return idr_find(&m, 7) == NULL;', 1n],
    [
      'idr_remove frees the number',
      'int a; struct idr m; idr_init(&m); idr_alloc(&m, &a, 0, 0, 0); idr_remove(&m, 0); return idr_find(&m, 0) == NULL && idr_alloc(&m, &a, 0, 0, 0) == 0;',
      1n,
    ],
    [
      'idr_alloc fails with ENOSPC where the range is full',
      'int a; struct idr m; idr_init(&m); idr_alloc(&m, &a, 0, 1, 0); return idr_alloc(&m, &a, 0, 1, 0);',
      -28n,
    ],
    [
      'ida_alloc_range counts the last number in',
      'struct ida m; ida_init(&m); ida_alloc_range(&m, 4, 5, 0); int x = ida_alloc_range(&m, 4, 5, 0); return x * 100 + ida_alloc_range(&m, 4, 5, 0);',
      472n,
    ],
    [
      'ida_free gives the number back',
      'struct ida m; ida_init(&m); ida_alloc(&m, 0); ida_alloc(&m, 0); ida_free(&m, 0); return ida_alloc(&m, 0);',
      0n,
    ],
    [
      'xa_store gives what was there',
      'int a, b; struct xarray m; xa_init(&m); xa_store(&m, 3, &a, 0); return xa_store(&m, 3, &b, 0) == &a && xa_load(&m, 3) == &b;',
      1n,
    ],
    [
      'xa_insert refuses a number that is taken',
      'int a; struct xarray m; xa_init(&m); xa_insert(&m, 3, &a, 0); return xa_insert(&m, 3, &a, 0);',
      -16n,
    ],
    [
      'xa_erase gives the entry and empties its place',
      'int a; struct xarray m; xa_init(&m); xa_store(&m, 1, &a, 0); return xa_erase(&m, 1) == &a && xa_load(&m, 1) == NULL;',
      1n,
    ],
    [
      'radix_tree_insert refuses a number that is taken',
      'int a; struct xarray m; INIT_RADIX_TREE(&m, 0); radix_tree_insert(&m, 3, &a); return radix_tree_insert(&m, 3, &a);',
      -17n,
    ],
  ])('%s', async (_, body, expected) => {
    expect(await value('test()', `${before}static long long test(void) { ${body} }`)).toBe(expected);
  });

  it('a map that nobody set up in sight is left to the world', async () => {
    const asked: string[] = [];
    class Listening extends ServiceWorld {
      override call(machine: Machine, call: ExternalCall): Value {
        const served = callService(machine, call, this);
        if (!served) asked.push(call.name);
        return served ?? super.call(machine, call);
      }
    }
    const program = `${before}long long main(void) { struct idr shared; struct idr own; idr_init(&own); idr_find(&own, 7); idr_find(&shared, 7); return 0; }`;
    await outcomeOf(program, 'main', [], new Listening(), kernelDialect);
    expect(asked).toEqual(['idr_find']);
  });
});

describe('lists that are moved and spliced', () => {
  const before = 'struct item { int value; struct list_head link; };\n';
  const three = `struct list_head list, other; struct item a, b, c;
    INIT_LIST_HEAD(&list); INIT_LIST_HEAD(&other);
    a.value = 1; b.value = 2; c.value = 3;
    list_add_tail(&a.link, &list); list_add_tail(&b.link, &list); list_add_tail(&c.link, &other);`;

  it.each([
    [
      'list_move_tail takes an entry to another list',
      'list_move_tail(&a.link, &other); return list_is_singular(&list) && list_is_last(&a.link, &other) && list_is_first(&c.link, &other);',
    ],
    [
      'list_splice_init empties the list',
      'list_splice_init(&list, &other); return list_empty(&list) && list_is_first(&a.link, &other) && list_is_last(&c.link, &other);',
    ],
    [
      'list_splice_tail puts the entries last',
      'list_splice_tail(&list, &other); return list_is_first(&c.link, &other) && list_is_last(&b.link, &other);',
    ],
    [
      'list_first_entry is the struct around the first entry',
      'return list_first_entry(&list, struct item, link) == &a && list_last_entry(&list, struct item, link) == &b;',
    ],
    [
      'list_first_entry_or_null of an empty list is NULL',
      'list_splice_init(&list, &other); return list_first_entry_or_null(&list, struct item, link) == NULL;',
    ],
  ])('%s', async (_, body) => {
    expect(await value('test()', `${before}static long long test(void) { ${three} ${body} }`)).toBe(1n);
  });
});

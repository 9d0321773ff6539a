/** What is assumed of a driver's state, and why: one small driver for each way in which its text tells something. */
import { describe, expect, test } from 'vitest';
import type { Assumption } from '../../server/src/protocol/trace.ts';
import { driverWith } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const map = 'return remap_pfn_range(vma, vma->vm_start, priv->base >> PAGE_SHIFT, size, vma->vm_page_prot);';

/** A driver whose state nobody sets up. */
function bare(fields: string, body: string, more = ''): string {
  return `
struct bare { ${fields} };
${more}
static int bare_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bare *bare = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	${body}
}
static const struct file_operations bare_fops = { .mmap = bare_mmap };
`;
}

async function assumption(driver: string, name: string): Promise<Assumption | undefined> {
  const trace = await traceOf(driver);
  expect(trace.verdict.outcome).toBe('completed');
  return trace.assumptions.find((each) => each.name === name);
}

describe('a value by its use', () => {
  test.each([
    [
      'unsigned long x;',
      'if (size > bare->x) return -EINVAL; return vm_insert_page(vma, vma->vm_start, alloc_page(GFP_KERNEL));',
      '64 KiB (0x10000)',
      /compared with/,
    ],
    [
      'unsigned long x;',
      'return remap_pfn_range(vma, vma->vm_start, bare->x >> PAGE_SHIFT, size, vma->vm_page_prot);',
      '0x81000000',
      /given to remap_pfn_range, shifted to a pfn/,
    ],
    [
      'unsigned long x;',
      'return remap_pfn_range(vma, vma->vm_start, bare->x, size, vma->vm_page_prot);',
      '0x81000',
      /a pfn, because it is given to remap_pfn_range/,
    ],
    [
      'unsigned long x;',
      'unsigned long pfn = bare->x >> PAGE_SHIFT; return io_remap_pfn_range(vma, vma->vm_start, pfn, size, vma->vm_page_prot);',
      '0x81000000',
      /shifted to a pfn/,
    ],
    ['phys_addr_t x;', 'return vm_iomap_memory(vma, bare->x, size);', '0x81000000', /physical address/],
  ])('%s %s', async (fields, body, value, reason) => {
    const found = await assumption(bare(fields, body), 'bare->x');
    expect(found?.value).toBe(value);
    expect(found?.reason).toMatch(reason);
  });
});

describe('a value by its name', () => {
  test.each([
    ['int ready;', 'if (!bare->ready) return -ENODEV;', 'bare->ready', '1'],
    ['int removed;', 'if (bare->removed) return -ENODEV;', 'bare->removed', '0'],
    ['u32 flags;', 'if (!(bare->flags & BARE_MAPPABLE)) return -EPERM;', 'bare->flags', '0xffffffff'],
    ['int kind;', 'if (bare->kind != BARE_KIND) return -EPERM;', 'BARE_KIND', '1'],
    ['int kind;', 'if (bare->kind != 77) return -EPERM;', 'bare->kind', '77'],
  ])('%s %s', async (fields, check, name, value) => {
    const found = await assumption(bare(fields, `${check} return vm_insert_page(vma, vma->vm_start, alloc_page(GFP_KERNEL));`), name);
    expect(found?.value).toBe(value);
  });
});

test('memory that calls tell the kind of', async () => {
  const trace = await traceOf(bare('void *area;', 'return remap_vmalloc_range(vma, bare->area, 0);'));
  expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
  expect(trace.steps.at(-1)?.state.pages.find(({ owner }) => owner === 'bare->area')?.kind).toBe('vmalloc-user');
});

test('the base and the length beside it are one region', async () => {
  const trace = await traceOf(
    bare('phys_addr_t mem_start; unsigned long mem_len;', 'return vm_iomap_memory(vma, bare->mem_start, bare->mem_len);'),
    {
      scenario:
        'assume bare->mem_len = 2p\nopen rw\na = mmap len 2p prot rw shared expect ok\nb = mmap len 3p prot rw shared expect EINVAL\n',
    },
  );
  expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
  expect(trace.steps.at(-1)?.state.pages.find(({ owner }) => owner === 'bare->mem_start')?.length).toBe(2);
});

test('a list that nobody built has one element; one that was built is walked', async () => {
  const body = `struct region *r;
	list_for_each_entry(r, &bare->regions, node) {
		if (r->id == 7)
			return vm_insert_page(vma, vma->vm_start, alloc_page(GFP_KERNEL));
	}
	return -ENOENT;`;
  const region = 'struct region { struct list_head node; int id; };';
  const assumed = await traceOf(bare('struct list_head regions;', body.replace('== 7', '>= 0'), region));
  expect(assumed.verdict.outcome).toBe('completed');
  expect(assumed.assumptions.map(({ name }) => name)).toContain('elements of bare->regions');
  const build = `struct region one, two; bare = kzalloc(sizeof(*bare), GFP_KERNEL); INIT_LIST_HEAD(&bare->regions);
	one.id = 1; two.id = 7; list_add_tail(&one.node, &bare->regions); list_add_tail(&two.node, &bare->regions);`;
  const built = await traceOf(bare('struct list_head regions;', `${build} ${body}`, region), {
    scenario: 'open rw\na = mmap len 1p prot rw shared expect ok\n',
  });
  expect(built.verdict.failedExpectations).toEqual([]);
});

test('what open sets up is there when the handler runs', async () => {
  const driver = `
struct state { struct page *page; };
static int state_open(struct inode *inode, struct file *file)
{
	struct state *state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return -ENOMEM;
	state->page = alloc_page(GFP_KERNEL);
	file->private_data = state;
	return 0;
}
static int state_release(struct inode *inode, struct file *file)
{
	struct state *state = file->private_data;
	__free_page(state->page);
	kfree(state);
	return 0;
}
static int state_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct state *state = file->private_data;
	return vm_insert_page(vma, vma->vm_start, state->page);
}
static const struct file_operations state_fops = { .open = state_open, .release = state_release, .mmap = state_mmap };
`;
  const trace = await traceOf(driver, {
    scenario: 'open rw\na = mmap len 1p prot rw shared\nexpect refcount a = 2\nclose\nmunmap a\nexpect count release = 1\n',
  });
  expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  expect(trace.assumptions).toEqual([]);
});

test('the mmap lock is held: taking it again never ends', async () => {
  const trace = await traceOf(driverWith(`mmap_read_lock(vma->vm_mm); ${map}`), { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
  expect(trace.verdict.problems.map(({ kind }) => kind)).toEqual(['deadlock']);
});

test('other locks are free, and say nothing', async () => {
  const trace = await traceOf(
    bare(
      'struct mutex lock; phys_addr_t base;',
      'mutex_lock(&bare->lock); mutex_unlock(&bare->lock); return vm_iomap_memory(vma, bare->base, size);',
    ),
  );
  expect(trace.assumptions.map(({ name }) => name)).toEqual(['file->private_data', 'bare->base']);
});

test('what a guessed value leads to is not held against the driver', async () => {
  const guessed = await traceOf(
    bare('u32 magic;', 'BUG_ON(bare->magic * 3 != 0x4c563336); return vm_insert_page(vma, vma->vm_start, alloc_page(GFP_KERNEL));'),
  );
  expect(guessed.verdict.outcome).toBe('stopped');
  expect(guessed.verdict.stoppedBecause).toMatch(/Too little is known of the driver's state \(bare->magic\).*BUG_ON stops the kernel/);
  const set = await traceOf(
    bare('u32 magic;', 'BUG_ON(bare->magic * 3 != 0x4c563336); return vm_insert_page(vma, vma->vm_start, alloc_page(GFP_KERNEL));'),
    {
      scenario: 'assume bare->magic = 0x19721112\nopen rw\na = mmap len 1p prot rw shared expect ok\n',
    },
  );
  expect(set.verdict).toMatchObject({ outcome: 'completed', summary: 'The scenario runs to its end, and its expectation holds.' });
});

/** Drivers run on symbols: conditions, events, flags, locks and loops of their paths. */
import { describe, expect, it } from 'vitest';
import type { EntryAnalysis, Path } from '../../server/src/analysis/path.ts';
import {
  computed,
  findModel,
  flagAt,
  isCow,
  lengthOf,
  lessThan,
  mayWrap,
  negationOf,
  really,
  requestOf,
} from '../../server/src/analysis/query.ts';
import { constant, type Term } from '../../server/src/execution/term.ts';
import { printTerm } from '../../server/src/execution/term-print.ts';
import { allCalls, analysesOf, analysisOf, callsOf, conditionsOf, onlyCall, text, writesOf } from '../support/analysis.ts';

const VM_PFNMAP = 0x400n;
const VM_MIXEDMAP = 0x10000000n;
const VM_IO = 0x4000n;

/** A driver with one mmap handler. */
function handler(body: string, before = ''): string {
  return `
struct box { unsigned long size; unsigned long phys; void *buf; struct page **pages; int npages; spinlock_t lock; struct mutex mutex; };
${before}
static int box_mmap(struct file *file, struct vm_area_struct *vma)
{
${body}
}
static const struct file_operations box_fops = { .mmap = box_mmap };
`;
}

/** A condition on the first `after` of the path that holds although it is false in true arithmetic. */
function heldByWrapping(analysis: EntryAnalysis, path: Path, after: number): Term | undefined {
  const wraps = (term: Term) => mayWrap(term) && typeof findModel(analysis, path, after, [really(negationOf(term))]) !== 'string';
  return path.conditions.slice(0, after).find(({ term }) => term.kind === 'operation' && term.comparand && wraps(term))?.term;
}

describe('a mapping handler', () => {
  it('has equal conditions of its paths as one term', async () => {
    const { paths } = await analysisOf(
      handler(`
	struct box *box = file->private_data;
	if (!box->size)
		return -EINVAL;
	return box->phys ? 0 : -ENXIO;`),
      'box_mmap',
    );
    const later = paths.filter(({ conditions }) => conditions.length > 1);
    expect(later).toHaveLength(2);
    expect(later[0]?.conditions[0]?.term).toBe(later[1]?.conditions[0]?.term);
  });

  it('is run with the length as a number of pages', async () => {
    const analysis = await analysisOf(
      handler(`
	struct box *box = file->private_data;
	unsigned long len = vma->vm_end - vma->vm_start;
	if (len > box->size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, box->phys >> PAGE_SHIFT, len, vma->vm_page_prot);`),
      'box_mmap',
    );
    expect(analysis.complete).toBe(true);
    expect(analysis.paths).toHaveLength(2);
    expect(analysis.entry).toMatchObject({ slot: 'file_operations.mmap', mmapLock: 'write' });
    const { path, event } = onlyCall(analysis, 'remap_pfn_range');
    expect(conditionsOf(path)).toEqual(['(pages << PAGE_SHIFT) <= file->private_data->size']);
    expect(event.arguments.map(text)).toEqual([
      'vma',
      'vma->vm_start',
      'file->private_data->phys >> PAGE_SHIFT',
      'pages << PAGE_SHIFT',
      'vma->vm_page_prot',
    ]);
    expect(event.known).toBe(true);
    const refused = analysis.paths.find((each) => each !== path);
    expect(refused?.outcome).toMatchObject({ kind: 'returned', value: { term: constant(-22) } });
  });

  it('can be asked whether a length is bounded', async () => {
    const map = (check: string): string =>
      handler(`struct box *box = file->private_data; unsigned long len = vma->vm_end - vma->vm_start;
	unsigned long off = vma->vm_pgoff << PAGE_SHIFT; ${check}
	return remap_pfn_range(vma, vma->vm_start, box->phys >> PAGE_SHIFT, len, vma->vm_page_prot);`);
    const exceeds = async (check: string): Promise<boolean> => {
      const analysis = await analysisOf(map(check), 'box_mmap');
      const { path, event } = onlyCall(analysis, 'remap_pfn_range');
      const length = lengthOf(event);
      if (!length) throw new Error('no vma');
      return typeof findModel(analysis, path, event.after, [really(lessThan(constant(0x10000), length))]) !== 'string';
    };
    expect(await exceeds('')).toBe(true);
    expect(await exceeds('if (len > box->size) return -EINVAL;')).toBe(false);
    expect(await exceeds('if (len < box->size) return -EINVAL;')).toBe(true);
    expect(await exceeds('if (off + len > box->size) return -EINVAL;')).toBe(false);
    expect(await exceeds('if (vma_pages(vma) != 1) return -EINVAL;')).toBe(false);
    expect(await exceeds('if ((int)len > (int)box->size) return -EINVAL;')).toBe(true);
    expect(await exceeds('if (off > box->size || len > box->size - off) return -EINVAL;')).toBe(false);
    expect(await exceeds('len = min(len, box->size); if (len != vma->vm_end - vma->vm_start) return -EINVAL;')).toBe(false);
  });

  it('shows checks that only hold by wrap-around', async () => {
    const source = handler(`struct box *box = file->private_data; unsigned long len = vma->vm_end - vma->vm_start;
	unsigned long off = vma->vm_pgoff << PAGE_SHIFT;
	if (off + len > box->size) return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (box->phys + off) >> PAGE_SHIFT, len, vma->vm_page_prot);`);
    const wraps = async (kernel: string): Promise<string | undefined> => {
      const analysis = await analysisOf(source, 'box_mmap', kernel);
      const { path, event } = onlyCall(analysis, 'remap_pfn_range');
      const condition = heldByWrapping(analysis, path, event.after);
      return condition && printTerm(condition);
    };
    expect(await wraps('4.12')).toBe('(vma->vm_pgoff << PAGE_SHIFT) + (pages << PAGE_SHIFT) <= file->private_data->size');
    // file_mmap_ok refuses such offsets since 4.17.
    expect(await wraps('6.12')).toBeUndefined();
  });
});

describe('vm_flags', () => {
  it('follow the calls that change them', async () => {
    const analysis = await analysisOf(
      handler(`
	first(file);
	vm_flags_set(vma, VM_MIXEDMAP);
	second(file);
	vm_flags_clear(vma, VM_MAYWRITE);
	third(file);
	remap_pfn_range(vma, vma->vm_start, 1, PAGE_SIZE, vma->vm_page_prot);
	fourth(file);
	return 0;`),
      'box_mmap',
    );
    const flag = (name: string, bit: bigint): string => {
      const { path, event } = onlyCall(analysis, name);
      return flagAt(analysis, path, event, bit);
    };
    expect(['first', 'second'].map((name) => flag(name, VM_MIXEDMAP))).toEqual(['clear', 'set']);
    expect(['first', 'second', 'third'].map((name) => flag(name, 0x20n))).toEqual(['maybe', 'maybe', 'clear']);
    expect(['third', 'fourth'].map((name) => flag(name, VM_PFNMAP))).toEqual(['clear', 'set']);
    expect(flag('fourth', VM_IO)).toBe('set');
  });

  it('are unknown after a call that nobody knows got the vma', async () => {
    const analysis = await analysisOf(handler('box_prepare(vma); done(file); return 0;'), 'box_mmap');
    const { path, event } = onlyCall(analysis, 'done');
    expect(flagAt(analysis, path, event, VM_PFNMAP)).toBe('unknown');
    expect(path.doubts.map((doubt) => doubt.sentence)).toEqual(['`box_prepare` is not known, and was given `vma`.']);
  });

  it('tell private writable mappings apart', async () => {
    const cow = async (check: string): Promise<unknown> => {
      const analysis = await analysisOf(handler(`${check} map_it(file); return 0;`), 'box_mmap');
      const { path, event } = onlyCall(analysis, 'map_it');
      if (!event.vma?.known) return 'unknown';
      const model = findModel(analysis, path, event.after, [computed(isCow(event.vma))]);
      if (typeof model === 'string') return model;
      const { shared, open } = requestOf(analysis, model) ?? {};
      return { shared, open };
    };
    expect(await cow('')).toEqual({ shared: false, open: 'rw' });
    expect(await cow('if (!(vma->vm_flags & VM_SHARED)) return -EINVAL;')).toBe('none');
    expect(await cow('if (is_cow_mapping(vma->vm_flags)) return -EINVAL;')).toBe('none');
    expect(await cow('if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE) return -EINVAL;')).toBe('none');
    expect(await cow('if (vma->vm_flags & VM_WRITE) return -EPERM;')).toEqual({ shared: false, open: 'rw' });
    expect(await cow('vm_flags_clear(vma, VM_MAYWRITE);')).toBe('none');
  });

  it('are written directly, which is an event', async () => {
    const analysis = await analysisOf(
      handler('vma->vm_flags |= VM_IO | VM_PFNMAP; vma->vm_private_data = file; return 0;'),
      'box_mmap',
      '6.1',
    );
    const [path] = analysis.paths;
    if (!path) throw new Error('no path');
    expect(writesOf(path).map(({ name }) => name)).toEqual(['vma->vm_flags', 'vma->vm_private_data']);
  });

  it('reach the fault handler from the mmap handler', async () => {
    const source = `
static vm_fault_t box_fault(struct vm_fault *vmf)
{
	return vmf_insert_pfn(vmf->vma, vmf->address, 1);
}
static const struct vm_operations_struct box_vm_ops = { .fault = box_fault };
${handler('if (vma->vm_pgoff) return -EINVAL; vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND); vma->vm_ops = &box_vm_ops; return 0;')}`;
    const analysis = await analysisOf(source, 'box_fault');
    expect(analysis.entry.mmapLock).toBe('read');
    const { path, event } = onlyCall(analysis, 'vmf_insert_pfn');
    expect(flagAt(analysis, path, event, VM_PFNMAP)).toBe('set');
    expect(flagAt(analysis, path, event, VM_MIXEDMAP)).toBe('clear');
    expect(text(event.arguments[0])).toBe('vmf->vma');
  });
});

describe('mmap_prepare', () => {
  const source = (body: string): string => `
static int box_prepare(struct vm_area_desc *desc)
{
	${body}
}
static const struct file_operations box_fops = { .mmap_prepare = box_prepare };`;

  it('is run with a descriptor', async () => {
    const analysis = await analysisOf(
      source('if (vma_desc_pages(desc) > 4 - desc->pgoff) return -EINVAL; mmap_action_remap_full(desc, 1); return 0;'),
      'box_prepare',
      '7.1',
    );
    const { path, event } = onlyCall(analysis, 'mmap_action_remap_full');
    expect(conditionsOf(path)).toEqual(['pages <= 4 - desc->pgoff']);
    expect(event.vma && printTerm(event.vma.pgoff)).toBe('desc->pgoff');
  });

  it('names flags by their bits', async () => {
    const analysis = await analysisOf(
      source('vma_desc_set_flags(desc, VMA_IO_BIT, VMA_PFNMAP_BIT); check(desc->pgoff); return 0;'),
      'box_prepare',
      '7.1',
    );
    const { path, event } = onlyCall(analysis, 'check');
    expect([VM_IO, VM_PFNMAP, VM_MIXEDMAP].map((flag) => flagAt(analysis, path, event, flag))).toEqual(['set', 'set', 'clear']);
  });
});

describe('old kernels', () => {
  it('have nopage handlers', async () => {
    const analysis = await analysisOf(
      `static struct page *box_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	struct page *page = virt_to_page(buffer + (address - vma->vm_start));
	get_page(page);
	return page;
}
static struct vm_operations_struct box_vm_ops = { .nopage = box_nopage };`,
      'box_nopage',
      '2.6.15',
    );
    expect(analysis.entry.mmapLock).toBe('read');
    expect(text(onlyCall(analysis, 'get_page').event.arguments[0])).toBe(
      'virt_to_page(buffer + ((address - start) >> PAGE_SHIFT << PAGE_SHIFT))',
    );
  });

  it('may have 32-bit longs', async () => {
    const analysis = await analysisOf(
      handler(
        'unsigned long off = vma->vm_pgoff << PAGE_SHIFT; if (off + PAGE_SIZE > 0x10000) return -EINVAL; map_it(vma->vm_end - vma->vm_start); return 0;',
      ),
      'box_mmap',
      '3.10',
      32,
    );
    const { path, event } = onlyCall(analysis, 'map_it');
    expect(text(event.arguments[0])).toBe('pages << PAGE_SHIFT');
    expect(heldByWrapping(analysis, path, event.after)).toBe(path.conditions[0]?.term);
  });
});

describe('locks', () => {
  it('are held from their call to their end', async () => {
    const analysis = await analysisOf(
      handler(`struct box *box = file->private_data;
	mutex_lock(&box->mutex);
	spin_lock(&box->lock);
	inside(file);
	spin_unlock(&box->lock);
	between(file);
	mutex_unlock(&box->mutex);
	outside(file);
	return 0;`),
      'box_mmap',
    );
    const held = (name: string): readonly string[] => onlyCall(analysis, name).event.locks.map((lock) => `${lock.kind} ${lock.name}`);
    expect(held('inside')).toEqual(['mutex file->private_data->mutex', 'spinlock file->private_data->lock']);
    expect(held('between')).toEqual(['mutex file->private_data->mutex']);
    expect(held('outside')).toEqual([]);
  });

  it('of the mm have the names of all kernels', async () => {
    const source = (take: string, drop: string): string => `
static long box_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm_area_struct *vma;
	${take};
	vma = find_vma(current->mm, arg);
	${drop};
	after(file);
	return 0;
}
static const struct file_operations box_fops = { .unlocked_ioctl = box_ioctl };`;
    const at = async (take: string, drop: string): Promise<readonly string[]> => {
      const analysis = await analysisOf(source(take, drop), 'box_ioctl');
      expect(analysis.entry.mmapLock).toBe('none');
      return ['find_vma', 'after'].map((name) => [...new Set(allCalls(analysis, name).map(({ event }) => event.mmapLock))].join());
    };
    expect(await at('mmap_read_lock(current->mm)', 'mmap_read_unlock(current->mm)')).toEqual(['read', 'none']);
    expect(await at('down_write(&current->mm->mmap_sem)', 'up_write(&current->mm->mmap_sem)')).toEqual(['write', 'none']);
    expect(await at('if (mmap_write_lock_killable(current->mm)) return -EINTR', 'mmap_write_unlock(current->mm)')).toEqual([
      'write',
      'none',
    ]);
    expect(await at('if (!mmap_read_trylock(current->mm)) return -EAGAIN', 'mmap_read_unlock(current->mm)')).toEqual(['read', 'none']);
    expect(await at('', '')).toEqual(['none', 'none']);
  });

  it('are held by guards to the end of the block', async () => {
    const analysis = await analysisOf(
      handler(`struct box *box = file->private_data;
	{
		guard(mutex)(&box->mutex);
		inside(file);
	}
	outside(file);
	return 0;`),
      'box_mmap',
    );
    expect(onlyCall(analysis, 'inside').event.locks).toHaveLength(1);
    expect(onlyCall(analysis, 'outside').event.locks).toEqual([]);
  });
});

describe('loops', () => {
  it('are run once and then stand for all rounds', async () => {
    const analysis = await analysisOf(
      handler(`struct box *box = file->private_data;
	int i, err;
	for (i = 0; i < vma_pages(vma); i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, box->pages[i]);
		if (err)
			return err;
	}
	return 0;`),
      'box_mmap',
    );
    expect(analysis.complete).toBe(true);
    const rounds = new Set(allCalls(analysis, 'vm_insert_page').map(({ event }) => event.iteration));
    expect(rounds).toEqual(new Set([1, 'some']));
    const some = allCalls(analysis, 'vm_insert_page').find(({ event }) => event.iteration === 'some');
    expect(some && text(some.event.arguments[1])).toContain('i');
    expect(some && conditionsOf(some.path, some.event.after)).toContain('i < pages');
  });

  it('over constants run to their end', async () => {
    const analysis = await analysisOf(handler('int i; for (i = 0; i < 4; i++) touch(i); return 0;'), 'box_mmap');
    const [path] = analysis.paths;
    expect(path && callsOf(path, 'touch').map(({ arguments: [i] }) => text(i))).toEqual(['0', '1', '2', '3']);
  });
});

describe('entries', () => {
  it('are handlers, and what is registered elsewhere and reaches a call of interest', async () => {
    const analyses = await analysesOf(`
static void box_touch(unsigned long addr) { find_vma(current->mm, addr); }
static void box_work(struct work_struct *work) { box_touch(0); }
static void box_idle(struct work_struct *work) { something(); }
static int box_probe(struct platform_device *pdev) { INIT_WORK(&w, box_work); INIT_WORK(&v, box_idle); return 0; }
int box_map_for(struct vm_area_struct *vma) { return remap_pfn_range(vma, vma->vm_start, 1, PAGE_SIZE, vma->vm_page_prot); }
static long box_ioctl(struct file *file, unsigned int cmd, unsigned long arg) { box_touch(arg); return 0; }
${handler('return 0;', '').replace('.mmap = box_mmap', '.mmap = box_mmap, .unlocked_ioctl = box_ioctl')}`);
    const locks = Object.fromEntries([...analyses].map(([name, { entry }]) => [name, `${entry.slot} ${entry.mmapLock}`]));
    expect(locks).toEqual({
      box_mmap: 'file_operations.mmap write',
      box_ioctl: 'file_operations.unlocked_ioctl none',
      box_work: 'INIT_WORK none',
      box_map_for: 'extern unknown',
    });
    const { event } = onlyCall([...analyses].find(([name]) => name === 'box_work')?.[1] ?? ([] as never), 'find_vma');
    expect(event.frames.map((frame) => frame.function)).toEqual(['box_work', 'box_touch']);
  });

  it('are none in a file without mappings', async () => {
    expect(await analysesOf('static int add(int a, int b) { return a + b; }')).toEqual(new Map());
  });
});

describe('unknown things', () => {
  it('know the allocation that the driver shows', async () => {
    const analysis = await analysisOf(
      handler(
        `struct box *box = file->private_data;
	return remap_vmalloc_range(vma, box->buf, 0);`,
        'static int box_setup(struct box *box) { box->buf = vmalloc(PAGE_ALIGN(box->size)); return box->buf ? 0 : -ENOMEM; }',
      ),
      'box_mmap',
    );
    const buffer = onlyCall(analysis, 'remap_vmalloc_range').event.arguments[1];
    if (buffer?.kind !== 'pointer' || buffer.place.object.origin.kind !== 'allocated') throw new Error('no allocation');
    expect(buffer.place.object.name).toBe('file->private_data->buf');
    expect(buffer.place.object.origin.call).toBe('vmalloc');
    const { size } = buffer.place.object.origin;
    expect(size && printTerm(size)).toBe('(file->private_data->size + 0xfff) & PAGE_MASK');
  });

  it('fork where an allocation may fail', async () => {
    const analysis = await analysisOf(
      handler('void *p = kmalloc(16, GFP_KERNEL); if (!p) return -ENOMEM; use(p); kfree(p); return 0;'),
      'box_mmap',
    );
    expect(analysis.paths).toHaveLength(2);
    expect(allCalls(analysis, 'use')).toHaveLength(1);
  });

  it('end a run that follows NULL or freed memory', async () => {
    const analysis = await analysisOf(
      handler('struct box *p = kmalloc(16, GFP_KERNEL); p->size = 1; kfree(p); return p->size;'),
      'box_mmap',
    );
    const messages = analysis.paths.map(({ outcome }) =>
      outcome.kind === 'stopped' && outcome.stop.kind === 'fault' ? outcome.stop.message : '',
    );
    expect(messages.filter((message) => /NULL/.test(message))).toHaveLength(1);
    expect(messages.filter((message) => /freed/.test(message))).toHaveLength(1);
  });

  it('of the same name are the same on all paths', async () => {
    const analysis = await analysisOf(
      handler('struct box *b = file->private_data; if (b->npages) one(b->size); else two(b->size); return 0;'),
      'box_mmap',
    );
    const [one, two] = ['one', 'two'].map((name) => onlyCall(analysis, name).event.arguments[0]);
    expect(one?.kind === 'integer' && one.term).toEqual(two?.kind === 'integer' && two.term);
  });
});

describe('branches', () => {
  /** What the paths return, printed, each value once. */
  const returned = (analysis: EntryAnalysis): readonly string[] => [
    ...new Set(analysis.paths.map(({ outcome }) => (outcome.kind === 'returned' ? text(outcome.value) : outcome.stop.kind))),
  ];

  it('of labels that lead to one statement are one', async () => {
    const analysis = await analysisOf(
      handler(`
	struct box *box = file->private_data;
	switch (box->npages) {
	case 1:
	case 2:
	case 3:
		return -EINVAL;
	case 4:
	default:
		return -ENXIO;
	case 5:
		return -EPERM;
	}`),
      'box_mmap',
    );
    expect(analysis.paths).toHaveLength(3);
    expect(returned(analysis)).toEqual(['-6', '-22', '-1']);
    const [none] = analysis.paths;
    const number = 'file->private_data->npages';
    expect(none && conditionsOf(none)).toEqual(expect.arrayContaining([1, 2, 3, 5].map((label) => `${number} != ${label}`)));
  });

  it('that are known from before are not asked of labels again', async () => {
    const analysis = await analysisOf(
      handler(`
	struct box *box = file->private_data;
	if (box->npages != 2)
		return 0;
	switch (box->npages) {
	case 1:
	case 2:
		return -EINVAL;
	}
	return -ENXIO;`),
      'box_mmap',
    );
    expect(returned(analysis)).toEqual(expect.arrayContaining(['0', '-22']));
    expect(analysis.paths).toHaveLength(2);
  });

  it('that make no difference later do not multiply those that come after them', async () => {
    const flags = Array.from({ length: 10 }, (_, index) => index);
    const driver = handler(
      `
	struct state *state = file->private_data;
${flags.map((index) => `	if (state->on${index})\n		state->count${index}++;`).join('\n')}
	if (vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, state->pfn, PAGE_SIZE, vma->vm_page_prot) ? -EAGAIN : 0;`,
      `struct state { unsigned long pfn; ${flags.map((index) => `int on${index}; int count${index};`).join(' ')} };`,
    );
    const analysis = await analysisOf(driver, 'box_mmap');
    expect(analysis.paths).toHaveLength(32);
    expect(analysis.complete).toBe(true);
    expect(returned(analysis)).toEqual(expect.arrayContaining(['0', '-11', '-22']));
    for (const index of flags) {
      const taken = analysis.paths.filter((path) => conditionsOf(path).includes(`file->private_data->on${index}`));
      expect(taken.length, `on${index}`).toBeGreaterThan(0);
    }
  });

  it('on the request are followed on every way', async () => {
    const bits = [0, 1, 2, 3, 4, 5, 6];
    const driver = handler(
      `
	int set = 0;
${bits.map((bit) => `	if (vma->vm_pgoff & ${1 << bit})\n		set++;`).join('\n')}
	return set;`,
    );
    const analysis = await analysisOf(driver, 'box_mmap');
    expect(analysis.paths).toHaveLength(128);
    expect(analysis.complete).toBe(true);
  });
});

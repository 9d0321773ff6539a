/** Hovers: every fact has one, what is known of the place is said, and the drawn text stays short. */
import { describe, expect, it } from 'vitest';
import { hoverAt } from '../../server/src/ide/hover.ts';
import { hoverOf } from '../../server/src/ide/hover-fact.ts';
import { renderMarkdown, renderText } from '../../server/src/ide/hover-render.ts';
import { allFacts, factsNamed } from '../../server/src/kernel/lookup.ts';
import { type KernelVersion, parseVersion } from '../../server/src/kernel/version.ts';
import { openText } from '../support/check-text.ts';

const driver = `#include <linux/fs.h>
#include <linux/mm.h>

/* vm_insert_page in a comment */
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = 4 * PAGE_SIZE;

	if (vma->vm_end - vma->vm_start != size)
		return -EINVAL;
	pr_debug("remap_pfn_range in a string\\n");
	return remap_pfn_range(vma, vma->vm_start, 0x1000 + vma->vm_pgoff, size, vma->vm_page_prot);
}

static const struct file_operations card_fops = { .mmap = card_mmap };
`;

async function hoverOn(word: string, after = '', kernel = '6.12') {
  const document = await openText({ text: driver, kernel });
  return hoverAt(document, driver.indexOf(word, driver.indexOf(after)) + 1);
}

function hoverFact(name: string, at: KernelVersion) {
  const [fact] = factsNamed(name);
  return fact && hoverOf(fact, name, at);
}

describe('hoverOf', () => {
  const version = parseVersion('6.12');
  it.each(allFacts().map((fact) => fact.name))('%s has a hover of at most 20 lines, as Markdown and as text', (name) => {
    const hover = version && hoverFact(name, version);
    expect(hover?.title).toBe(name);
    for (const drawn of hover ? [renderMarkdown(hover), renderText(hover)] : []) {
      expect(drawn).toContain(name);
      expect(drawn.split('\n').length).toBeLessThanOrEqual(20);
      expect(drawn).not.toMatch(/undefined|\[object/);
    }
  });

  it('says that a call is gone, and what replaces it', () => {
    const hover = version && hoverFact('vm_insert_pfn', version);
    expect(hover?.facts).toContainEqual({ label: 'In 6.12', text: expect.stringMatching(/^gone; use .*vmf_insert_pfn/) });
  });

  it('follows the version', () => {
    const old = parseVersion('2.6.18');
    const sets = (at: typeof old) => at && hoverFact('remap_pfn_range', at)?.facts.find((fact) => fact.label === 'Sets')?.text;
    expect(sets(old)).toBe('VM_IO | VM_RESERVED | VM_PFNMAP');
    expect(sets(version)).toBe('VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP');
  });
});

describe('hoverAt in a branch that is not compiled', () => {
  const source = `#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 20, 0)
	/* vm_insert_pfn as it was */
	vm_insert_pfn(vma, address, pfn); // vm_insert_pfn
	pr_debug("vm_insert_pfn");
	card_insert(vma, fault);
	vma->vm_pgoff = 0;
#endif
`;
  const at = async (word: string, after: string) => {
    const document = await openText({ text: source });
    const hover = hoverAt(document, source.indexOf(word, source.indexOf(after)) + 1);
    return hover;
  };

  it('explains the name, and says that it is not compiled', async () => {
    const hover = await at('vm_insert_pfn', '\tvm_insert_pfn(');
    expect(hover?.here).toEqual(['This branch is not compiled for Linux 6.12.']);
    expect(hover?.facts).toContainEqual({ label: 'In 6.12', text: expect.stringMatching(/^gone/) });
  });

  it('is silent in its comments and strings, and on other names', async () => {
    for (const after of ['/* vm', '// vm', '"vm']) expect(await at('vm_insert_pfn', after), after).toBeUndefined();
    for (const word of ['card_insert', 'fault']) expect(await at(word, 'card_insert'), word).toBeUndefined();
    expect((await at('vm_pgoff', 'vm_pgoff'))?.what).toBe('field');
  });
});

describe('hoverAt on the state of a vma', () => {
  const source = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;

	vma->vm_private_data =
		card->memory;
	pr_debug("%lx", vma->vm_flags);
	vma->vm_flags |= VM_DONTCOPY;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (remap_pfn_range(vma, vma->vm_start, card->pfn, PAGE_SIZE, vma->vm_page_prot))
		return -EAGAIN;
	return vm_insert_page(vma, vma->vm_start + PAGE_SIZE, card->page);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
`;
  const here = async (word: string, after: string) => {
    const document = await openText({ text: source, kernel: '6.1' });
    const hover = hoverAt(document, source.indexOf(word, source.indexOf(after)) + 1);
    return hover?.here;
  };

  it('tells the flags that it has by then', async () => {
    expect(await here('vm_flags', 'if (vma->vm_flags')).toEqual(['The vma has `VM_DONTCOPY` here.']);
    expect(await here('vm_flags', 'vma->vm_flags |=')).toEqual(['The vma has `VM_DONTCOPY` after it.']);
    expect(await here('vm_flags', 'pr_debug("%lx')).toEqual([]);
  });

  it('tells of a call what holds on all ways to it, and says when ways differ', async () => {
    const twice = `static int map_it(struct vm_area_struct *vma, unsigned long size)
{
	return remap_pfn_range(vma, vma->vm_start, 16, size, vma->vm_page_prot);
}
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff == 1)
		return map_it(vma, PAGE_SIZE);
	vm_flags_set(vma, VM_DONTCOPY);
	return map_it(vma, vma->vm_pgoff == 2 ? 2 * PAGE_SIZE : PAGE_SIZE);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
`;
    const document = await openText({ text: twice });
    const lines = hoverAt(document, twice.indexOf('remap_pfn_range'))?.here;
    expect(lines).toContain('`size` = 4 KiB (0x1000, 1 page) or 8 KiB (0x2000, 2 pages)');
    expect(lines).toContain('`pfn` = 0x10');
    expect(lines?.join()).not.toContain('VM_DONTCOPY');
  });

  it('tells what the driver puts into a field', async () => {
    expect(await here('vm_private_data', 'vma->vm_private_data')).toEqual(['`card_mmap()` sets it to `card->memory`.']);
    expect(await here('vm_pgoff', 'vm_pgoff')).toBeUndefined();
  });

  it('tells what may be mapped before a call', async () => {
    expect(await here('vm_insert_page', 'return vm_insert_page')).toContain(
      '`remap_pfn_range()` in line 11 may have mapped into the vma before.',
    );
    expect((await here('remap_pfn_range', 'if (remap_pfn_range'))?.join()).not.toContain('before.');
  });
});

describe('hoverAt', () => {
  it('tells what a call does at this place', async () => {
    const hover = await hoverOn('remap_pfn_range', 'return remap');
    expect(hover?.here).toEqual(expect.arrayContaining(['`size` = 16 KiB (0x4000, 4 pages)', 'Here the mmap lock is held for write.']));
    expect(hover?.range?.start.line).toBe(11);
  });

  it('explains fields, slots and flags', async () => {
    expect((await hoverOn('vm_pgoff'))?.what).toBe('field');
    expect((await hoverOn('mmap = card_mmap'))?.what).toBe('handler slot');
    expect((await hoverOn('card_mmap', 'static int'))?.what).toBe('handler slot');
  });

  it('is silent in comments, in strings and on names of the driver', async () => {
    expect(await hoverOn('vm_insert_page')).toBeUndefined();
    expect(await hoverOn('remap_pfn_range', 'pr_debug')).toBeUndefined();
    expect(await hoverOn('size', 'unsigned long')).toBeUndefined();
  });
});

describe('the vma at a call', () => {
  const text = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTCOPY);
	if (remap_pfn_range(vma, vma->vm_start, 1, PAGE_SIZE, vma->vm_page_prot))
		return -EAGAIN;
	return vm_iomap_memory(vma, 0x1000, PAGE_SIZE);
}
static int strange_mmap(struct file *file, struct vm_area_struct *vma)
{
	prepare(vma);
	return io_remap_pfn_range(vma, vma->vm_start, 1, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
static const struct file_operations strange_fops = { .mmap = strange_mmap };
`;
  const here = async (word: string) => {
    const document = await openText({ text });
    const hover = hoverAt(document, text.indexOf(word) + 1);
    return hover?.here.at(-1);
  };

  it('is told with the flags that it has by then', async () => {
    expect(await here('remap_pfn_range')).toBe('The vma has `VM_DONTCOPY` before the call.');
    expect(await here('vm_iomap_memory')).toBe(
      'The vma has `VM_IO`, `VM_PFNMAP`, `VM_DONTEXPAND`, `VM_DONTDUMP`, `VM_DONTCOPY` before the call.',
    );
  });

  it('is said to be unknown behind a function that is not in sight', async () => {
    expect(await here('io_remap_pfn_range')).toBe(
      'What the vma is like here is not known: it was given to a function that is not in sight.',
    );
  });
});

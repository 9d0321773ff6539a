/** Replays of witnesses: which values of the driver's state are assumed for a proof, and what is said where there is none. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../server/src/protocol/findings.ts';
import { simulate } from '../../server/src/simulation/simulate.ts';
import { checkText, openText } from '../support/check-text.ts';

const state = `
struct card {
	int mode;
	int *shadow;
	unsigned long pfns[16];
	unsigned long whole;
	phys_addr_t bar;
	unsigned long bar_size;
};
`;

async function found(rule: string, mmap: string, more = ''): Promise<Finding | undefined> {
  const text = `
#include <linux/fs.h>
#include <linux/mm.h>
${state}
${more}
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long i, pages = vma_pages(vma);

	${mmap}
}
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap = card_mmap };
`;
  const { findings } = await checkText({ text }, { select: [rule], prove: true });
  return findings[0];
}

const inPieces = `
	if (pages > 16)
		return -EINVAL;
	for (i = 0; i < pages; i++)
		if (remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE, card->pfns[i], PAGE_SIZE, vma->vm_page_prot))
			return -EAGAIN;
	return 0;`;

const atOnce = 'return remap_pfn_range(vma, vma->vm_start, card->whole, pages << PAGE_SHIFT, vma->vm_page_prot);';

describe('proof', () => {
  it('needs no assumption where the way is open', async () => {
    const finding = await found('remap-cow-partial', inPieces);
    expect(finding?.confidence).toBe('proved');
    expect(finding?.witness).not.toContain('assume');
    expect(finding?.unproved).toBeUndefined();
  });

  it('assumes what the path needs of a field, and no more', async () => {
    const finding = await found('remap-cow-partial', `if (card->mode != 7) ${atOnce}\n${inPieces}`);
    expect(finding?.confidence).toBe('proved');
    expect(finding?.witness?.match(/^assume .*$/gm)).toEqual(['assume card->mode = 7']);
  });

  it('assumes that a pointer is NULL', async () => {
    const finding = await found('remap-cow-partial', `if (card->shadow) ${atOnce}\n${inPieces}`);
    expect(finding?.witness?.match(/^assume .*$/gm)).toEqual(['assume card->shadow = 0']);
  });

  it('assumes what a function of another file returns', async () => {
    const finding = await found(
      'remap-cow-partial',
      `if (card_kind(card) != 5) ${atOnce}\n${inPieces}`,
      'int card_kind(struct card *card);',
    );
    expect(finding?.witness?.match(/^assume .*$/gm)).toEqual(['assume card_kind() = 5']);
  });

  it('lets the device lie where the path wants it', async () => {
    const finding = await found(
      'mmap-no-size-check',
      `if ((vma->vm_pgoff << PAGE_SHIFT) != card->bar) return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, pages << PAGE_SHIFT, vma->vm_page_prot);`,
    );
    expect(finding?.confidence).toBe('proved');
    expect(finding?.witness).toMatch(/^assume card->bar = /m);
  });

  it('goes by what the scenario assumes where the set-up of the driver settles something else', async () => {
    const finding = await found(
      'remap-cow-partial',
      `if (shadowed) ${atOnce}\n${inPieces}`,
      'static int shadowed;\nstatic int __init card_init(void) { shadowed = 1; return 0; }\nmodule_init(card_init);',
    );
    expect(finding?.witness?.match(/^assume .*$/gm)).toEqual(['assume shadowed = 0']);
  });

  it('finds the state that another function of the driver sets', async () => {
    const finding = await found(
      'insert-pfn-cow',
      `if (pages > 16) return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP);
	vma->vm_ops = &card_vm_ops;
	return 0;`,
      `static void card_reset(struct card *card) { card->mode = 3; }
static void card_start(struct card *card) { card->mode = 9; }
static vm_fault_t card_fault(struct vm_fault *vmf)
{
	struct card *card = vmf->vma->vm_file->private_data;

	if (card->mode != 9)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, card->whole);
}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };`,
    );
    expect(finding?.confidence).toBe('proved');
  });

  it('shows an offset that is cut off', async () => {
    const finding = await found(
      'mmap-narrow-type',
      `unsigned int offset = vma->vm_pgoff << PAGE_SHIFT;

	if (offset > card->bar_size || (pages << PAGE_SHIFT) > card->bar_size - offset)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (card->bar + offset) >> PAGE_SHIFT, pages << PAGE_SHIFT, vma->vm_page_prot);`,
    );
    expect(finding?.confidence).toBe('proved');
    expect(finding?.witness).toContain('off 1048577p ');
  });

  it('walks a list by its entries', async () => {
    const finding = await found(
      'mmap-narrow-type',
      `unsigned int length = vma->vm_end - vma->vm_start;
	struct list_head *at, *next;

	list_for_each_safe(at, next, &buffers) {
		struct buffer *buffer = list_entry(at, struct buffer, entry);

		if (buffer->length == length)
			return remap_pfn_range(vma, vma->vm_start, buffer->pfn, length, vma->vm_page_prot);
	}
	return -EINVAL;`,
      'struct buffer { struct list_head entry; unsigned int length; unsigned long pfn; };\nextern struct list_head buffers;',
    );
    expect(finding?.confidence).toBe('proved');
  });

  it('shows nothing on a handler that is right', async () => {
    const fault = (index: string) => `
#include <linux/mm.h>
struct card { struct page **pages; unsigned long count; };
static vm_fault_t card_fault(struct vm_fault *vmf)
{
	struct card *card = vmf->vma->vm_private_data;
	unsigned long index = ${index};

	if (index >= card->count)
		return VM_FAULT_SIGBUS;
	vmf->page = card->pages[index];
	get_page(vmf->page);
	return 0;
}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };
`;
    const wrong = fault('(vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT');
    const [finding] = (await checkText({ text: wrong }, { select: ['fault-address-math'], prove: true })).findings;
    expect(finding?.confidence).toBe('proved');
    const right = await openText({ text: fault('vmf->pgoff') });
    const [handler] = right.driver.handlers;
    const result = handler && simulate({ driver: right.driver, handler, scenario: finding?.witness });
    expect(result).toMatchObject({ kind: 'trace', trace: { verdict: { outcome: 'expectationFailed' } } });
  });

  it('says why the replay shows nothing', async () => {
    const finding = await found(
      'mmap-narrow-type',
      `unsigned int length = vma->vm_end - vma->vm_start;

	if (((card->mode ^ (card->mode >> 3)) * 40503) % 65536 != 1234)
		return -EPERM;
	return remap_pfn_range(vma, vma->vm_start, card->whole, length, vma->vm_page_prot);`,
    );
    expect(finding?.confidence).toBe('likely');
    expect(finding?.unproved).toBe(
      'Its replay is refused: mmap(2) fails, because card_mmap returns -EPERM on line 23, with what had to be assumed (file->private_data, card->mode).',
    );
  });

  it('says that nothing can be replayed where no handler leads to the place', async () => {
    const { findings } = await checkText(
      {
        text: `
#include <linux/mm.h>
int card_length(struct vm_area_struct *vma)
{
	unsigned int length = vma->vm_end - vma->vm_start;

	return length > 4096;
}
static int card_mmap(struct file *file, struct vm_area_struct *vma) { return -ENODEV; }
static const struct file_operations card_fops = { .mmap = card_mmap };
`,
      },
      { select: ['mmap-narrow-type'], prove: true },
    );
    expect(findings.map(({ unproved }) => unproved)).toEqual([
      'No mapping handler of these files leads to card_length, so there is nothing to replay.',
    ]);
  });
});

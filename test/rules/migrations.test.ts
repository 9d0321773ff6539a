/** What the quick fixes that move a driver to another kernel write, to the letter, and where they keep away. */
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../server/src/cli/apply-fixes.ts';
import { checkText } from '../support/check-text.ts';

const head = '#include <linux/fs.h>\n#include <linux/mm.h>\n\n';

/** The text after the first fix of the first finding of a rule; `undefined` when it offers none. */
async function migrated(rule: string, kernel: string, text: string): Promise<string | undefined> {
  const { findings } = await checkText({ text: head + text, kernel }, { possible: true });
  const finding = findings.find((each) => each.rule === rule);
  if (!finding) throw new Error(`no finding of ${rule}: ${findings.map((each) => each.rule).join(', ')}`);
  const [fix] = finding.fixes;
  return fix && applyChanges(head + text, [fix.changes]).text.slice(head.length);
}

describe('a fault handler of 3.x', () => {
  const handler = `static int card_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	struct card *card = vma->vm_private_data;

	if (vmf->pgoff >= card->count)
		return VM_FAULT_SIGBUS;
	vmf->page = card->pages[((unsigned long)vmf->virtual_address - vma->vm_start) >> PAGE_SHIFT];
	get_page(vmf->page);
	return 0;
}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };
`;

  it('takes the vmf alone', async () => {
    expect(await migrated('fault-prototype', '6.12', handler)).toBe(`static vm_fault_t card_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct card *card = vma->vm_private_data;

	if (vmf->pgoff >= card->count)
		return VM_FAULT_SIGBUS;
	vmf->page = card->pages[((unsigned long)vmf->address - vma->vm_start) >> PAGE_SHIFT];
	get_page(vmf->page);
	return 0;
}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };
`);
  });

  it('keeps what it returns on kernels that have no vm_fault_t', async () => {
    expect(await migrated('fault-prototype', '4.14', handler)).toContain(
      'static int card_fault(struct vm_fault *vmf)\n{\n\tstruct vm_area_struct *vma',
    );
  });

  it.each([
    [
      'something else calls it',
      `${handler}static int again(struct vm_area_struct *vma, struct vm_fault *vmf) { return card_fault(vma, vmf); }\n`,
    ],
    ['it is declared before', `static int card_fault(struct vm_area_struct *vma, struct vm_fault *vmf);\n${handler}`],
    [
      'its text depends on the build',
      handler.replace('\tget_page', '#ifdef CONFIG_CARD\n\tget_page').replace('\treturn 0;', '#endif\n\treturn 0;'),
    ],
  ])('is left alone where %s', async (_, text) => {
    expect(await migrated('fault-prototype', '6.12', text)).toBeUndefined();
  });
});

describe('a nopage handler', () => {
  it('becomes a fault handler', async () => {
    const text = `static struct page *card_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	struct card *card = vma->vm_private_data;
	unsigned long index = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	struct page *page;

	if (index >= card->count)
		return NOPAGE_SIGBUS;
	page = card->pages[index];
	get_page(page);
	if (type)
		*type = VM_FAULT_MINOR;
	return page;
}
static struct vm_operations_struct card_vm_ops = { .nopage = card_nopage };
`;
    expect(await migrated('obsolete-api', '6.12', text)).toBe(`static vm_fault_t card_nopage(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long address = vmf->address;
	struct card *card = vma->vm_private_data;
	unsigned long index = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	struct page *page;

	if (index >= card->count)
		return VM_FAULT_SIGBUS;
	page = card->pages[index];
	get_page(page);
	vmf->page = page;
	return 0;
}
static struct vm_operations_struct card_vm_ops = { .fault = card_nopage };
`);
    const old = await migrated('obsolete-api', '2.6.32', text);
    expect(old).toContain('static int card_nopage(struct vm_area_struct *vma, struct vm_fault *vmf)');
    expect(old).toContain('unsigned long address = (unsigned long)vmf->virtual_address;');
    expect(old).not.toContain('vmf->vma');
  });

  it('may hold that there is no page in its variable', async () => {
    const text = `static struct page *card_nopage(struct vm_area_struct *area, unsigned long address, int unused)
{
	struct card *card = area->vm_private_data;
	struct page *page = NOPAGE_SIGBUS;

	down(&card->sem);
	if (card->pages[0])
		page = card->pages[0];
	if (!page)
		goto out;
	get_page(page);
out:
	up(&card->sem);
	return page;
}
static struct vm_operations_struct card_vm_ops = { nopage: card_nopage };
`;
    const fixed = await migrated('obsolete-api', '6.12', text);
    expect(fixed).toContain('struct page *page = NULL;');
    expect(fixed).toContain('\tvmf->page = page;\n\treturn vmf->page ? 0 : VM_FAULT_SIGBUS;\n}');
    expect(fixed).toContain('{ fault: card_nopage }');
    expect(fixed).not.toContain('address');
  });

  it('is left alone where it does more with the kind of the fault', async () => {
    const text = `static struct page *card_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	struct card *card = vma->vm_private_data;

	return card_page(card, address, type);
}
static struct vm_operations_struct card_vm_ops = { .nopage = card_nopage };
`;
    expect(await migrated('obsolete-api', '6.12', text)).toBeUndefined();
  });
});

describe('calls that are gone', () => {
  const remapped = (call: string) => `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;

	if (${call})
		return -EAGAIN;
	return 0;
}
static struct file_operations card_fops = { .mmap = card_mmap };
`;

  it.each([
    [
      'remap_page_range(vma, vma->vm_start, card->base, PAGE_SIZE, vma->vm_page_prot)',
      'remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot)',
    ],
    [
      'remap_page_range(vma->vm_start, card->base + 4096, PAGE_SIZE, vma->vm_page_prot)',
      'remap_pfn_range(vma, vma->vm_start, (card->base + 4096) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot)',
    ],
    [
      'io_remap_page_range(vma, vma->vm_start, card->pfn << PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot)',
      'io_remap_pfn_range(vma, vma->vm_start, card->pfn, PAGE_SIZE, vma->vm_page_prot)',
    ],
  ])('take a frame number: %s', async (before, after) => {
    expect(await migrated('obsolete-api', '6.12', remapped(before))).toBe(remapped(after));
  });

  const fault = (declarations: string, body: string, result = 'int') => `static ${result} card_fault(struct vm_fault *vmf)
{
	struct card *card = vmf->vma->vm_private_data;
${declarations}
${body}}
static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };
`;

  it.each([
    ['lost', '', '\tvm_insert_pfn(vmf->vma, vmf->address, card->pfn);\n\treturn VM_FAULT_NOPAGE;\n'],
    [
      'made bits of',
      '\tint err;\n',
      '\terr = vm_insert_pfn(vmf->vma, vmf->address, card->pfn);\n\tif (err == -ENOMEM)\n\t\treturn VM_FAULT_OOM;\n\tif (err < 0 && err != -EBUSY)\n\t\treturn VM_FAULT_SIGBUS;\n\treturn VM_FAULT_NOPAGE;\n',
    ],
    [
      'told apart',
      '\tint err;\n',
      '\terr = vm_insert_pfn(vmf->vma, vmf->address, card->pfn);\n\tswitch (err) {\n\tcase 0:\n\tcase -EBUSY:\n\t\treturn VM_FAULT_NOPAGE;\n\tcase -ENOMEM:\n\t\treturn VM_FAULT_OOM;\n\tdefault:\n\t\treturn VM_FAULT_SIGBUS;\n\t}\n',
    ],
  ])('return the bits of a fault, where the error was %s', async (_, declarations, body) => {
    expect(await migrated('obsolete-api', '6.12', fault(declarations, body))).toBe(
      fault('', '\treturn vmf_insert_pfn(vmf->vma, vmf->address, card->pfn);\n', 'vm_fault_t'),
    );
  });

  it('keep what stands between the call and the return', async () => {
    const body = '\tmutex_lock(&card->lock);\n\terr = vm_insert_pfn(vmf->vma, vmf->address, card->pfn);\n\tmutex_unlock(&card->lock);\n';
    expect(
      await migrated('obsolete-api', '6.12', fault('\tint err;\n', `${body}\treturn err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_NOPAGE;\n`)),
    ).toBe(fault('\tvm_fault_t err;\n', `${body.replace('vm_insert', 'vmf_insert')}\treturn err;\n`, 'vm_fault_t'));
  });

  it('keep lines that do more than make bits of the error', async () => {
    const body = '\terr = vm_insert_pfn(vmf->vma, vmf->address, card->pfn);\n\tif (err)\n\t\tcard->failed++;\n\treturn VM_FAULT_NOPAGE;\n';
    expect(await migrated('obsolete-api', '6.12', fault('\tint err;\n', body))).toBe(
      fault('\tint err;\n', body.replace('vm_insert', 'vmf_insert')),
    );
  });
});

describe('an mmap handler that mmap_prepare can take over', () => {
  const handler = (body: string) => `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;

	if (vma->vm_pgoff || vma_pages(vma) > card->pages)
		return -EINVAL;
${body}}
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap = card_mmap };
`;
  const prepared = (body: string) => `static int card_mmap(struct vm_area_desc *desc)
{
	struct card *card = desc->file->private_data;

	if (desc->pgoff || vma_desc_pages(desc) > card->pages)
		return -EINVAL;
${body}}
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap_prepare = card_mmap };
`;

  it.each([
    [
      'returns what the remap does',
      '\tvm_flags_set(vma, VM_DONTCOPY);\n\treturn remap_pfn_range(vma, vma->vm_start, card->pfn, vma->vm_end - vma->vm_start, vma->vm_page_prot);\n',
      '\tdesc->vm_flags |= VM_DONTCOPY;\n\tmmap_action_remap(desc, desc->start, card->pfn, desc->end - desc->start);\n\treturn 0;\n',
    ],
    [
      'has a protection of its own',
      '\tif (io_remap_pfn_range(vma, vma->vm_start, card->pfn, PAGE_SIZE, pgprot_noncached(vma->vm_page_prot)))\n\t\treturn -EAGAIN;\n\treturn 0;\n',
      '\tdesc->page_prot = pgprot_noncached(desc->page_prot);\n\tmmap_action_ioremap(desc, desc->start, card->pfn, PAGE_SIZE);\n\treturn 0;\n',
    ],
  ])('is described where it %s', async (_, before, after) => {
    expect(await migrated('prefer-mmap-prepare', '6.19', handler(before))).toBe(prepared(after));
  });

  it('has flags by their bits from 7.0 on', async () => {
    const body = '\tvm_flags_set(vma, VM_DONTCOPY | VM_IO);\n\treturn 0;\n';
    expect(await migrated('prefer-mmap-prepare', '7.1', handler(body))).toBe(
      prepared('\tvma_desc_set_flags(desc, VMA_DONTCOPY_BIT, VMA_IO_BIT);\n\treturn 0;\n'),
    );
  });

  it('is left alone where something else calls it', async () => {
    const body = '\treturn remap_pfn_range(vma, vma->vm_start, card->pfn, PAGE_SIZE, vma->vm_page_prot);\n';
    const again = 'int again(struct file *file, struct vm_area_struct *vma) { return card_mmap(file, vma); }\n';
    expect(await migrated('prefer-mmap-prepare', '6.19', handler(body) + again)).toBeUndefined();
  });
});

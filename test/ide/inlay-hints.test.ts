/** What stands in the code of handlers besides its text. */
import { describe, expect, it } from 'vitest';
import { inlayHints } from '../../server/src/ide/inlay-hints.ts';
import { openText } from '../support/check-text.ts';

const text = `#define MAP(vma) remap_pfn_range(vma, vma->vm_start, 2, PAGE_SIZE, vma->vm_page_prot)
#define WINDOW (4 * PAGE_SIZE)

static int helper(struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, 1, WINDOW, vma->vm_page_prot);
}

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff == 1)
		return helper(vma);
	if (vma->vm_pgoff == 2)
		return MAP(vma);
	return remap_pfn_range(vma, vma->vm_start, 3, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static int nobody_calls(struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, 4, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations card_fops = { .mmap = card_mmap };
`;
const whole = { start: { line: 0, character: 0 }, end: { line: 40, character: 0 } };

/** The text with its hints in brackets, line by line, where there are any. */
async function shown(kernel: string, range = whole): Promise<readonly string[]> {
  const document = await openText({ text, kernel });
  const lines = text.split('\n');
  for (const { position, label } of [...inlayHints(document, range)].reverse()) {
    const line = lines[position.line] ?? '';
    lines[position.line] = `${line.slice(0, position.character)}[${label}]${line.slice(position.character)}`;
  }
  return lines.filter((line) => line.includes('[')).map((line) => line.trim());
}

describe('inlayHints', () => {
  it('tell the flags that a call sets on the target kernel, and sizes that are known, in what handlers run', async () => {
    expect(await shown('6.12')).toEqual([
      'return remap_pfn_range(vma, vma->vm_start, 1, WINDOW[ = 16 KiB (0x4000, 4 pages)], vma->vm_page_prot)[ + VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP];',
      'return remap_pfn_range(vma, vma->vm_start, 3, vma->vm_end - vma->vm_start, vma->vm_page_prot)[ + VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP];',
    ]);
    expect((await shown('2.6.30')).join()).not.toContain('VM_DONTDUMP');
  });

  it('are those of the range that is asked for', async () => {
    const range = { start: { line: 9, character: 0 }, end: { line: 16, character: 0 } };
    expect(await shown('6.12', range)).toHaveLength(1);
    expect(await shown('6.12', { start: range.end, end: whole.end })).toEqual([]);
  });
});

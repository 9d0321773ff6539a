/** Fixes that are made together: whole or not at all, safe ones of one file, none over another. */
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../server/src/cli/apply-fixes.ts';
import { checkDocument } from '../../server/src/ide/check.ts';
import { safeFixes } from '../../server/src/ide/fix-all.ts';
import { openText } from '../support/check-text.ts';

const text = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	vma->vm_flags &= ~VM_MAYWRITE;
	vma->vm_flags = VM_IO;
	return vm_iomap_memory(vma, 0x1000, 0x1000);
}
static const struct file_operations card_fops = {
	.mmap = card_mmap,
};
MODULE_LICENSE("GPL");
`;

describe('safeFixes', () => {
  it('mend all that is safe, and leave what has to be looked at', async () => {
    const document = await openText({ text });
    const { findings } = checkDocument(document, {});
    const mended = applyChanges(text, safeFixes(findings, '/driver/driver.c')).text;
    expect(mended).toContain('\tvm_flags_set(vma, VM_DONTEXPAND);\n\tvm_flags_clear(vma, VM_MAYWRITE);\n\tvma->vm_flags = VM_IO;\n');
    expect(mended).toContain('\t.owner = THIS_MODULE,\n\t.mmap = card_mmap,\n');
    expect(safeFixes(findings, '/driver/other.c')).toEqual([]);
  });
});

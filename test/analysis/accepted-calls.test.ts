/** Calls of mmap(2), and the driver's state, with which a handler goes through to its end. */
import { describe, expect, it } from 'vitest';
import { type AcceptedCall, acceptedCalls } from '../../server/src/analysis/accepted-calls.ts';
import { analysisOf } from '../support/analysis.ts';

async function accepted(body: string): Promise<readonly AcceptedCall[]> {
  const driver = `
struct box { unsigned long size; unsigned long phys; int state; void *buffer; void *owner; };
static int box_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct box *box = file->private_data;
	unsigned long len = vma->vm_end - vma->vm_start;
${body}
	return remap_pfn_range(vma, vma->vm_start, box->phys >> PAGE_SHIFT, len, vma->vm_page_prot);
}
static const struct file_operations box_fops = { .mmap = box_mmap };
`;
  return acceptedCalls(await analysisOf(driver, 'box_mmap'), 4);
}

describe('an accepted call', () => {
  it('has the length, the offset and the rights that the handler asks for', async () => {
    const [call] = await accepted(`
	if (len != 3 * PAGE_SIZE || vma->vm_pgoff != 0x40 || (vma->vm_flags & VM_WRITE) || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;`);
    expect(call).toMatchObject({ pages: 3n, pgoff: 0x40n });
    expect(call?.request).toMatchObject({ shared: true });
    expect(call?.request?.prot).not.toContain('w');
  });

  it("has what the driver's state has to be, of pointers only that they are NULL", async () => {
    const [call] = await accepted(`
	if (box->state != 7 || len > box->size || box->phys == 0 || !box->buffer || box->owner)
		return -ENODEV;`);
    expect(call?.state.get('file->private_data->state')).toBe(7n);
    expect((call?.state.get('file->private_data->size') ?? 0n) >= (call?.pages ?? 1n) * 4096n).toBe(true);
    expect(call?.state.get('file->private_data->phys')).toBeGreaterThan(0n);
    expect([...(call?.state.keys() ?? [])]).not.toContain('file->private_data->buffer');
    expect(call?.state.get('file->private_data->owner')).toBe(0n);
  });

  it('does not exist where every way ends in an error', async () => {
    expect(await accepted('	return -ENODEV;')).toEqual([]);
  });
});

/** Where coherent memory lies: within what the device reaches, which is 32 bits of address until its driver says more. */
import { expect, test } from 'vitest';
import { textAt, traceOf } from '../support/simulate.ts';

function driver(before: string): string {
  return `
static dma_addr_t bus;
static void *memory;
static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, bus >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations ring_fops = { .owner = THIS_MODULE, .mmap = ring_mmap };
static struct miscdevice ring_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "ring", .fops = &ring_fops };
static int __init ring_init(void)
{
	${before}
	memory = dma_alloc_coherent(ring_misc.this_device, PAGE_SIZE, &bus, GFP_KERNEL);
	return memory ? misc_register(&ring_misc) : -ENOMEM;
}
module_init(ring_init);
`;
}

/** The pfn that the handler maps. */
async function mapped(before: string): Promise<number> {
  const trace = await traceOf(driver(before), { scenario: 'open rw\na = mmap len 1p prot r shared\n' });
  return Number(/remap_pfn_range\(vma, 0x\w+, (0x\w+)/.exec(textAt(trace, 2))?.[1]);
}

const end = 0x10_0000;

test('it is below 4 GiB where the driver says nothing', async () => {
  const pfn = await mapped('');
  expect(pfn).toBeGreaterThan(0);
  expect(pfn).toBeLessThan(end);
});

test('it may be anywhere for a device that reaches everything', async () => {
  expect(await mapped('dma_set_mask_and_coherent(ring_misc.this_device, DMA_BIT_MASK(64));')).toBeGreaterThanOrEqual(end);
});

test('it is below 4 GiB for a device whose mask says so', async () => {
  expect(await mapped('dma_set_coherent_mask(ring_misc.this_device, DMA_BIT_MASK(32));')).toBeLessThan(end);
});

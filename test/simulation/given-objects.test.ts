/** What functions give that no file at hand defines: the same for the same question, and gone when its counterpart gets it. */
import { describe, expect, test } from 'vitest';
import { driverWith } from './support/drivers.ts';
import { textAt, traceOf } from './support/simulate.ts';

const twice = 'open rw\na = mmap len 2p prot rw shared\nb = mmap len 2p prot rw shared\n';

function mapped(text: string): string | undefined {
  return /map pfns from (0x[0-9a-f]+)/.exec(text)?.[1];
}

/** A driver that finds `declaration` in `file->private_data`, and nothing else. */
function driverOf(declaration: string, body: string, more: string): string {
  return driverWith(body, more).replace('struct priv *priv = file->private_data;', `${declaration} = file->private_data;`);
}

test('the same question gets the same object, another question another', async () => {
  const handler = (argument: string) =>
    driverWith(
      `void *cpu = gadget_buffer_of(priv, ${argument});\n\treturn remap_pfn_range(vma, vma->vm_start, virt_to_phys(cpu) >> PAGE_SHIFT, size, vma->vm_page_prot);`,
    );
  const same = await traceOf(handler('3'), { scenario: twice });
  expect(mapped(textAt(same, 2))).toBeDefined();
  expect(mapped(textAt(same, 3))).toBe(mapped(textAt(same, 2)));
  const others = await traceOf(handler('vma->vm_start'), { scenario: twice });
  expect(mapped(textAt(others, 3))).not.toBe(mapped(textAt(others, 2)));
});

test('an rdma entry is the one that was inserted for the offset', async () => {
  const driver = driverOf(
    'struct unit_context *uc',
    `struct rdma_user_mmap_entry *found = rdma_user_mmap_entry_get(&uc->ibuc, vma);
	struct unit_entry *entry = container_of(found, struct unit_entry, base);
	int err = remap_vmalloc_range(vma, entry->ring, 0);

	rdma_user_mmap_entry_put(found);
	return err;`,
    'struct unit_context {\n\tstruct ib_ucontext ibuc;\n};\nstruct unit_entry {\n\tstruct rdma_user_mmap_entry base;\n\tvoid *ring;\n};',
  );
  const trace = await traceOf(driver, { scenario: twice });
  const first = /page pfn (0x[0-9a-f]+)/.exec(textAt(trace, 2))?.[1];
  expect(first).toBeDefined();
  expect(textAt(trace, 3)).toContain(`page pfn ${first} of entry->ring: refcount +1, now 3`);
});

describe('memory of a function elsewhere', () => {
  /** Allocates for each mapping and frees in close, without counting the vmas that share the memory. */
  const driver = (free: string) =>
    driverWith(
      `void *cpu = gadget_alloc_block(priv, size);

	if (!cpu)
		return -ENOMEM;
	vma->vm_private_data = cpu;
	vma->vm_ops = &gadget_vm_ops;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(cpu) >> PAGE_SHIFT, size, vma->vm_page_prot);`,
      `static void gadget_close(struct vm_area_struct *vma)
{
	${free}(vma->vm_private_data);
}

static const struct vm_operations_struct gadget_vm_ops = {
	.close = gadget_close,
};`,
    );
  const forked = 'open rw\na = mmap len 2p prot rw shared\nfork child\nin child: exit\nread a\n';

  test('is a new block for each call', async () => {
    const trace = await traceOf(driver('gadget_free_block'), { scenario: twice });
    expect(mapped(textAt(trace, 3))).not.toBe(mapped(textAt(trace, 2)));
  });

  test('goes when the counterpart gets it, though a process still maps it', async () => {
    const trace = await traceOf(driver('gadget_free_block'), { scenario: forked });
    expect(trace.verdict.problems[0]?.kind).toBe('freed-while-mapped');
    expect(trace.assumptions).toContainEqual(
      expect.objectContaining({
        name: 'gadget_free_block()',
        reason: expect.stringMatching(/takes back what gadget_alloc_block\(\) gives/),
      }),
    );
  });

  test('stays when a function of another name gets it', async () => {
    const trace = await traceOf(driver('gadget_park_block'), { scenario: forked });
    expect(trace.verdict.problems).toEqual([]);
  });
});

test('the bus address beside a buffer is that of the buffer', async () => {
  const driver = driverOf(
    'struct ring *ring',
    `if (vma->vm_pgoff)
		return remap_pfn_range(vma, vma->vm_start, ring->bus >> PAGE_SHIFT, size, vma->vm_page_prot);
	return dma_mmap_coherent(ring->dev, vma, ring->cpu, ring->bus, size);`,
    'struct ring {\n\tstruct device *dev;\n\tvoid *cpu;\n\tdma_addr_t bus;\n};',
  );
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p prot rw shared\nb = mmap len 2p off 1p prot rw shared\n' });
  expect(mapped(textAt(trace, 2))).toBeDefined();
  expect(mapped(textAt(trace, 3))).toBe(mapped(textAt(trace, 2)));
  expect(trace.assumptions.find(({ name }) => name.endsWith('->bus'))?.reason).toMatch(/^the bus address of the memory at ring->cpu$/);
});

test('to_gadget() finds the struct around its argument', async () => {
  const driver = driverOf(
    'struct gadget *g',
    'struct gadget *same = to_gadget(&g->base);\n\n\tif (same != g)\n\t\treturn -EIO;\n\treturn -EPERM;',
    'struct gadget_base {\n\tint x;\n};\nstruct gadget {\n\tint y;\n\tstruct gadget_base base;\n};',
  );
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared expect EPERM\n' });
  expect(trace.verdict.outcome).toBe('completed');
});

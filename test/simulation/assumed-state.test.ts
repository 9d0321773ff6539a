/** What is assumed of kernel objects that no file at hand fills: scatterlists, pages behind folios, room for mappings. */
import { describe, expect, test } from 'vitest';
import { driverWith } from './support/drivers.ts';
import { resultAt, textAt, traceOf } from './support/simulate.ts';

const twoPages = 'open rw\na = mmap len 2p prot rw shared\nread a+1p\n';

/** An mmap handler of a driver whose buffer is the scatterlist table of a struct of ours. */
function tableDriver(mmap: string): string {
  return driverWith(
    `struct table_priv *tp = file->private_data;\n\t${mmap}`,
    'struct table_priv {\n\tstruct sg_table table;\n\tstruct sg_table *other;\n\tstruct folio **folios;\n\tunsigned long pages;\n};',
  );
}

describe('a scatterlist that nobody fills', () => {
  test('is walked page by page', async () => {
    const driver = tableDriver(`struct sg_page_iter iter;
	unsigned long addr = vma->vm_start;

	for_each_sgtable_page(&tp->table, &iter, vma->vm_pgoff) {
		int err = remap_pfn_range(vma, addr, page_to_pfn(sg_page_iter_page(&iter)), PAGE_SIZE, vma->vm_page_prot);

		if (err)
			return err;
		addr += PAGE_SIZE;
		if (addr == vma->vm_end)
			return 0;
	}
	return -EINVAL;`);
    const trace = await traceOf(driver, { scenario: twoPages });
    expect(trace.verdict.outcome).toBe('completed');
    expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: expect.stringMatching(/^pieces of .*table$/), value: '1' }));
    const tooFar = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p off 15p prot rw shared expect EINVAL\n' });
    expect(tooFar.verdict.outcome).toBe('completed');
  });

  test('has one piece, as long as its memory', async () => {
    const driver = tableDriver(`struct scatterlist *sg;
	unsigned long offset = 0;

	for (sg = tp->other->sgl; sg; sg = sg_next(sg)) {
		int err = remap_pfn_range(vma, vma->vm_start + offset, page_to_pfn(sg_page(sg)), sg->length, vma->vm_page_prot);

		if (err)
			return err;
		offset += sg->length;
	}
	return 0;`);
    const trace = await traceOf(driver);
    expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
    expect(resultAt(trace, 3)).toMatch(/^mmap\(2\) returns 0x/);
  });
});

test('a folio has pages', async () => {
  const trace = await traceOf(
    tableDriver(`if (size > PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, folio_pfn(tp->folios[0]), PAGE_SIZE, vma->vm_page_prot);`),
    { scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a 1\n' },
  );
  expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
});

test('what a loop of an unknown kind walks is said', async () => {
  const trace = await traceOf(driverWith('int n = 0;\n\tfor_each_gizmo(priv, n) {\n\t\tn++;\n\t}\n\treturn n;'), { scenario: twoPages });
  expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'for_each_gizmo(priv, n)', value: '0 rounds' }));
});

test('room that the driver asks the kernel for is room', async () => {
  const driver = driverWith(
    'vma_set_anonymous(vma);\n\treturn 0;',
    `static unsigned long test_area(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff, unsigned long flags)
{
	return mm_get_unmapped_area(current->mm, file, addr, len, pgoff, flags);
}`,
  ).replace('.mmap = test_mmap,', '.mmap = test_mmap,\n\t.get_unmapped_area = test_area,');
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p prot rw private\nwrite a 1\n' });
  expect(trace.verdict.outcome).toBe('completed');
  expect(resultAt(trace, 2)).toMatch(/^mmap\(2\) returns 0x7f/);
});

test('an object that a helper of the driver makes is one whose fields are set later', async () => {
  const driver = driverWith(
    'struct state *state = gadget_of(priv)->state;\n\tif (!state->owner)\n\t\treturn -ENODEV;\n\treturn vm_iomap_memory(vma, priv->base, priv->size);',
    `struct state {
	struct gadget *owner;
};

static struct state *new_state(void)
{
	struct state *state = kzalloc(sizeof(*state), GFP_KERNEL);

	return state;
}

static void add(struct gadget *gadget)
{
	struct state *state = new_state();

	state->owner = gadget;
	gadget->state = state;
}`,
  );
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p prot rw shared\nread a\n' });
  expect(trace.verdict.outcome).toBe('completed');
  expect(textAt(trace, 2)).toContain('vm_iomap_memory');
});

test('a direction is no address', async () => {
  const trace = await traceOf(
    driverWith('if (gadget_of(priv)->dma_dir == 3)\n\t\treturn -EINVAL;\n\treturn vm_iomap_memory(vma, priv->base, priv->size);'),
    { scenario: twoPages },
  );
  const direction = trace.assumptions.find(({ name }) => name.endsWith('dma_dir'));
  expect(direction?.value).toBe('0');
});

test('a loop that asks for new values without end is left soon', async () => {
  const trace = await traceOf(
    driverWith(
      'struct gadget *each = first_gadget(priv);\n\tint n = 0;\n\twhile (true) {\n\t\teach = another_gadget(each);\n\t\tn += each->weight;\n\t}\n\treturn n;',
    ),
    { scenario: twoPages },
  );
  expect(trace.verdict.outcome).toBe('stopped');
  expect(trace.verdict.stoppedBecause).toContain('runs too long');
});

test('a helper for GEM objects finds the vm_ops of the object in place', async () => {
  const driver = `
struct toy_gem_object {
	struct drm_gem_object base;
	struct page **pages;
};

static vm_fault_t toy_fault(struct vm_fault *vmf)
{
	struct toy_gem_object *toy = container_of(vmf->vma->vm_private_data, struct toy_gem_object, base);

	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(toy->pages[0]));
}

const struct vm_operations_struct toy_vm_ops = {
	.fault = toy_fault,
};

int toy_mmap(struct toy_gem_object *toy, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
	return 0;
}
`;
  const trace = await traceOf(driver, { scenario: twoPages.replace('a+1p', 'a') });
  expect(trace.verdict.outcome).toBe('completed');
  expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'vma->vm_ops', value: '&toy_vm_ops' }));
});

test('a function of a table that no vma has is not taken for a vma operation', async () => {
  const driver = `
static struct page *toy_page(struct snd_pcm_substream *substream, unsigned long offset)
{
	return vmalloc_to_page(substream->runtime->dma_area + offset);
}

static const struct snd_pcm_ops toy_pcm_ops = {
	.page = toy_page,
};
`;
  const trace = await traceOf(driver, { handler: 'toy_page' });
  expect(trace.verdict.outcome).toBe('stopped');
  expect(trace.verdict.stoppedBecause).toContain('snd_pcm_ops');
});

test('the factor of an address is no address', async () => {
  const driver = driverWith(`struct gadget *gadget = gadget_of(priv);
	unsigned long start = priv->base + gadget->lane * size;

	return remap_pfn_range(vma, vma->vm_start, start >> PAGE_SHIFT, size, vma->vm_page_prot);`);
  const trace = await traceOf(driver, { scenario: twoPages });
  expect(trace.verdict.outcome).toBe('completed');
  expect(trace.assumptions.find(({ name }) => name.endsWith('lane'))?.value).toBe('0');
});

test('the offset that DRM gives an object is no address', async () => {
  const driver = driverWith(`vma->vm_pgoff -= drm_vma_node_start(&object_of(priv)->vma_node);
	return vm_iomap_memory(vma, priv->base, priv->size);`);
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p off 1p prot rw shared\nread a+1p\n' });
  expect(trace.verdict.outcome).toBe('completed');
});

describe('a list that nobody fills', () => {
  const driver = (mmap: string): string =>
    driverWith(mmap, 'struct window {\n\tstruct list_head node;\n\tphys_addr_t base;\n};\nstatic struct list_head windows;');

  test('has the same element whenever it is walked', async () => {
    const trace = await traceOf(
      driver(`struct window *first = NULL, *again = NULL, *w;

	list_for_each_entry(w, &windows, node)
		first = w;
	list_for_each_entry(w, &windows, node)
		again = w;
	return first && first == again ? -EXDEV : -EIO;`),
      { scenario: 'open rw\na = mmap len 1p prot rw shared expect EXDEV\n' },
    );
    expect(trace.verdict.outcome).toBe('completed');
  });

  test('is empty when the element was taken out', async () => {
    const trace = await traceOf(
      driver(`struct window *w, *next;
	int count = 0;

	list_for_each_entry_safe(w, next, &windows, node) {
		list_del(&w->node);
		count++;
	}
	list_for_each_entry(w, &windows, node)
		count += 10;
	return count == 1 ? -EXDEV : -EIO;`),
      { scenario: 'open rw\na = mmap len 1p prot rw shared expect EXDEV\n' },
    );
    expect(trace.verdict.outcome).toBe('completed');
  });
});

/** Whole simulations of small drivers: what the calls do, what a program sees, what the verdict says. */
import { describe, expect, test } from 'vitest';
import { driverWith, faultDriver, remapDriver } from './support/drivers.ts';
import { resultAt, textAt, traceOf } from './support/simulate.ts';

describe('a mapping of device memory', () => {
  test('goes through the default scenario', async () => {
    const trace = await traceOf(remapDriver);
    expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [], failedExpectations: [] });
    expect(trace.verdict.summary).toMatch(/^A shared mapping of 64 KiB \(0x10000\) succeeds\. All \d+ accesses work\.$/);
    expect(trace.scenario).toContain('mremap a len 17p maymove expect EFAULT');
  });

  test('shows its entries as special and uncached', async () => {
    const trace = await traceOf(remapDriver, {
      scenario: 'open rw\na = mmap len 4p prot rw shared\nwrite a+1p 7\nread a+1p expect value 7\n',
    });
    expect(trace.verdict.outcome).toBe('completed');
    const [program] = trace.steps.at(-1)?.state.processes ?? [];
    expect(program?.ptes.map(({ length, special, cache }) => ({ length, special, cache }))).toContainEqual({
      length: 2,
      special: true,
      cache: 'uncached-minus',
    });
    expect(program?.vmas[0]).toMatchObject({ name: 'a', smapsFlags: 'rd wr sh mr mw me ms pf io de ar dd sd' });
    expect(program?.rss).toEqual({ file: 0, anonymous: 0 });
  });

  test('takes its base and length from the assignments of the driver', async () => {
    const trace = await traceOf(remapDriver);
    const named = trace.assumptions.map(({ name, reason }) => `${name}: ${reason}`);
    expect(named).toContain('priv->base: setup sets it to `pci_resource_start(pdev, 0)`');
    expect(named).toContain('priv->size: setup sets it to `pci_resource_len(pdev, 0)`');
  });

  test('refuses what is larger than the assumed window', async () => {
    const scenario =
      'assume priv->size = 2p\nopen rw\na = mmap len 2p prot rw shared\nexpect a ok\nb = mmap len 3p prot rw shared expect EINVAL\n';
    const trace = await traceOf(remapDriver, { scenario });
    expect(trace.verdict.outcome).toBe('completed');
    expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'priv->size', reason: 'line 1 of the scenario sets it' }));
  });

  test('is copied by a private write', async () => {
    const scenario = 'open rw\na = mmap len 2p prot rw private\nwrite a 5\nexpect rss a = 1p\nread a+1p\n';
    const trace = await traceOf(remapDriver, { scenario });
    expect(trace.verdict.outcome).toBe('completed');
    expect(textAt(trace, 3)).toMatch(/is copied: pfn 0x\w+ of PCI BAR 0 to the anonymous page/);
  });

  test('is left out by a part that was never mapped', async () => {
    const driver = driverWith('return remap_pfn_range(vma, vma->vm_start, priv->base >> PAGE_SHIFT, size - PAGE_SIZE, vma->vm_page_prot);');
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 4p prot rw shared\nread a+2p\nread a+3p expect SIGBUS\n' });
    expect(trace.verdict.outcome).toBe('completed');
  });
});

describe('counted pages', () => {
  test('by fault, with open and close', async () => {
    const scenario = `open rw
a = mmap len 3p prot rw shared
write a 9
expect refcount a = 2
fork child
expect count open = 1
in child: read a expect value 9
in child: exit
expect count close = 1
munmap a+1p len 1p
expect count open = 3
expect count close = 2
read a+2p expect SIGBUS
exit
expect count close = 4
`;
    const trace = await traceOf(faultDriver, { scenario });
    expect(trace.verdict.failedExpectations).toEqual([]);
    expect(trace.verdict.outcome).toBe('completed');
    expect(textAt(trace, 3)).toContain('test_fault(vmf)');
  });

  test('inserted one by one in a loop', async () => {
    const driver = driverWith(`
	int i, err;
	for (i = 0; i < vma_pages(vma); i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, alloc_page(GFP_KERNEL));
		if (err)
			return err;
	}
	return 0;`);
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 16p prot rw shared\nexpect rss a = 16p\n' });
    expect(textAt(trace, 2)).toContain('and 24 more calls of this loop');
  });

  test.each([
    [
      'vm_map_pages',
      'struct page *pages[4]; int i; for (i = 0; i < 4; i++) pages[i] = alloc_page(GFP_KERNEL); return vm_map_pages(vma, pages, 4);',
      4,
    ],
    ['remap_vmalloc_range', 'void *area = vmalloc_user(4 * PAGE_SIZE); return remap_vmalloc_range(vma, area, 0);', 4],
    ['vm_insert_page', 'return vm_insert_page(vma, vma->vm_start, priv->page);', 1],
  ])('%s', async (_, mmap, pages) => {
    const trace = await traceOf(driverWith(mmap), {
      scenario: `open rw\na = mmap len ${pages}p prot rw shared\nexpect a ok\nwrite a 3\nread a expect value 3\nexpect rss a = ${pages}p\nexpect mapcount a = 1\n`,
    });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });

  test.each([
    ['dma_mmap_coherent', 'return dma_mmap_coherent(priv->dev, vma, priv->buf, priv->handle, BUF_SIZE);'],
    ['vm_iomap_memory', 'return vm_iomap_memory(vma, priv->base, priv->size);'],
    [
      'remap_pfn_range of RAM',
      'return remap_pfn_range(vma, vma->vm_start, virt_to_phys(priv->buf) >> PAGE_SHIFT, size, vma->vm_page_prot);',
    ],
  ])('%s maps without counting', async (_, mmap) => {
    const trace = await traceOf(driverWith(mmap), {
      scenario: 'open rw\na = mmap len 4p prot rw shared\nexpect a ok\nwrite a+3p 3\nexpect rss a = 0\n',
    });
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });
});

describe('what must not happen', () => {
  test('a counted page in a VM_PFNMAP vma stops the kernel', async () => {
    const driver = driverWith(`
	if (io_remap_pfn_range(vma, vma->vm_start, priv->base >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot))
		return -EAGAIN;
	return vm_insert_page(vma, vma->vm_end - PAGE_SIZE, priv->page);`);
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p prot rw shared\nread a\n' });
    expect(trace.verdict.outcome).toBe('problem');
    expect(trace.verdict.problems[0]).toMatchObject({
      kind: 'kernel-bug',
      kernelLine: expect.stringContaining('kernel BUG at mm/memory.c'),
    });
    expect(trace.verdict.summary).toMatch(/\(line \d+\): vm_insert_page is called for a vma with VM_PFNMAP/);
    expect(resultAt(trace, 2)).toContain('does not return');
    expect(resultAt(trace, 3)).toBeUndefined();
  });

  test('is fine where the scenario expects it', async () => {
    const driver = driverWith('vm_flags_set(vma, VM_PFNMAP); return vm_insert_page(vma, vma->vm_start, priv->page);');
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared expect problem kernel-bug\n' });
    expect(trace.verdict.outcome).toBe('completed');
  });

  test('NULL that is followed is an oops', async () => {
    const driver = driverWith('struct priv *none = NULL; return none->npages;');
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
    expect(trace.verdict.problems.map(({ kind }) => kind)).toEqual(['oops']);
  });

  test('memory that is freed while it is mapped by pfn', async () => {
    const driver = driverWith(`
	unsigned long page = __get_free_page(GFP_KERNEL);
	int err = remap_pfn_range(vma, vma->vm_start, __pa(page) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
	free_page(page);
	return err;`);
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a 1\n' });
    expect(trace.verdict.problems.map(({ kind }) => kind)).toContain('freed-while-mapped');
  });
});

describe('what is not known', () => {
  test('an unknown call is assumed to succeed, and said', async () => {
    const trace = await traceOf(
      driverWith('int err = made_up_check(priv); if (err) return err; return vm_iomap_memory(vma, priv->base, priv->size);'),
    );
    expect(trace.verdict.outcome).toBe('completed');
    expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'made_up_check()', value: '0' }));
  });

  test('a function that asks for a state of the device says yes', async () => {
    const driver = driverWith('if (!made_up_ready(priv)) return -ENODEV; return vm_iomap_memory(vma, priv->base, priv->size);');
    const trace = await traceOf(driver);
    expect(trace.verdict.outcome).toBe('completed');
    const answer = trace.assumptions.find(({ name }) => name === 'made_up_ready()');
    expect(answer?.value).toBe('1');
    expect(answer?.reason).not.toContain('does not get through');
  });

  test('a value that lets the handler go on is tried', async () => {
    const driver = driverWith('if (!made_up_answer(priv)) return -ENODEV; return vm_iomap_memory(vma, priv->base, priv->size);');
    const trace = await traceOf(driver);
    expect(trace.verdict.outcome).toBe('completed');
    expect(trace.assumptions).toContainEqual(
      expect.objectContaining({ name: 'made_up_answer()', value: '1', reason: expect.stringContaining('does not get through') }),
    );
  });

  test('a call that gets the vma ends the story', async () => {
    const trace = await traceOf(driverWith('return made_up_mmap(file, vma);'));
    expect(trace.verdict.outcome).toBe('stopped');
    expect(trace.verdict.stoppedBecause).toContain('made_up_mmap()');
  });

  test('an assumption that nobody needs is said', async () => {
    const trace = await traceOf(remapDriver, { scenario: 'assume priv->colour = 3\nopen rw\na = mmap len 1p prot r shared\n' });
    expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'priv->colour', value: 'not used' }));
  });
});

describe('expectations', () => {
  test.each([
    ['a = mmap len 1p prot rw shared expect EINVAL', 'EINVAL', 'ok'],
    ['a = mmap len 1p prot rw shared\nread a expect SIGBUS', 'SIGBUS', 'ok'],
    ['a = mmap len 1p prot rw shared\nwrite a 4\nread a expect value 5', 'value 5', 'value 0x4'],
    ['a = mmap len 1p prot rw shared\nexpect count mmap = 2', 'count mmap = 2', 'count mmap = 1'],
    [
      'a = mmap len 1p prot rw shared\nexpect vmflags a = rd',
      'vmflags a = rd',
      'vmflags a = rd wr sh mr mw me ms pf io de ar dd sd (with wr sh mr mw me ms pf io de ar dd sd)',
    ],
    ['a = mmap len 1p prot r shared\nwrite a', 'ok', 'SIGSEGV'],
  ])('%s fails', async (lines, expected, actual) => {
    const trace = await traceOf(remapDriver, { scenario: `open rw\n${lines}\n` });
    expect(trace.verdict.outcome).toBe('expectationFailed');
    expect(trace.verdict.failedExpectations).toEqual([{ line: lines.split('\n').length + 1, expected, actual }]);
  });

  test('a malformed scenario is refused with its place', async () => {
    await expect(traceOf(remapDriver, { scenario: 'open rw\nmap it\n' })).rejects.toThrow('Scenario line 2, column 1');
  });
});

test('the same input gives the same trace', async () => {
  expect(await traceOf(faultDriver)).toEqual(await traceOf(faultDriver));
});

test('states that do not differ are one object', async () => {
  const trace = await traceOf(remapDriver);
  expect(new Set(trace.steps.map(({ state }) => state)).size).toBeLessThan(trace.steps.length);
});

describe('code that does not end', () => {
  test.each([
    ['a loop', 'for (;;) size++; return 0;'],
    ['a loop over much', 'unsigned long i; for (i = 0; i < 1UL << 40; i++) size += i; return 0;'],
    ['a recursion', 'return test_again(vma);'],
  ])('%s is stopped, and said', async (_, body) => {
    const again = 'static int test_again(struct vm_area_struct *vma) { return test_again(vma) + 1; }';
    const trace = await traceOf(driverWith(body, again), { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
    expect(trace.verdict.outcome).toBe('stopped');
    expect(trace.verdict.stoppedBecause).toMatch(/runs too long/);
  });

  test('many pages one by one are a few steps', async () => {
    const driver = driverWith(`
	unsigned long i; int err;
	for (i = 0; i < vma_pages(vma); i++) {
		err = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT), alloc_page(GFP_KERNEL));
		if (err) return err;
	}
	return 0;`);
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1024p prot rw shared expect ok\nexpect rss a = 1024p\n' });
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
    expect(trace.steps.length).toBeLessThan(30);
  });
});

test('a device that goes while it is mapped', async () => {
  const driver = `
static struct page *shared_page;
static int gone_probe(struct platform_device *pdev)
{
	shared_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return 0;
}
static void gone_remove(struct platform_device *pdev)
{
	__free_page(shared_page);
}
static int gone_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(shared_page), PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations gone_fops = { .mmap = gone_mmap };
static struct platform_driver gone_driver = { .probe = gone_probe, .remove = gone_remove };
`;
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nunplug\nread a\n' });
  expect(trace.verdict.problems.map(({ kind }) => kind)).toEqual(['freed-while-mapped', 'use-after-free']);
  expect(textAt(trace, 3)).toContain('gone_remove(pdev)');
});

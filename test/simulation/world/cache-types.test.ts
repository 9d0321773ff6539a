/** Page protections by the names that ARM has for its cache types: the rights of the mapping stay. */
import { expect, test } from 'vitest';
import { driverWith } from '../support/drivers.ts';
import { textAt, traceOf } from '../support/simulate.ts';

test.each([
  ['pgprot_writethroughcache', 'write-through'],
  ['pgprot_writebackcache', 'write-back'],
  ['pgprot_writebackwacache', 'write-back'],
  ['pgprot_stronglyordered', 'uncached-minus'],
])('%s leaves a writable mapping writable', async (call, cache) => {
  const driver = driverWith(`vma->vm_page_prot = ${call}(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, priv->base >> PAGE_SHIFT, size, vma->vm_page_prot);`);
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a\n' });
  expect(textAt(trace, 2)).toContain(`writable, ${cache}`);
  expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
});

test.each([
  ['pci_iomap(priv->pdev, 0, 0)', 'uncached-minus'],
  ['pci_iomap_wc(priv->pdev, 0, 0)', 'write-combining'],
  ['pcim_iomap_regions(priv->pdev, 1, "registers")', 'uncached-minus'],
  ['pci_iounmap(priv->pdev, pci_iomap(priv->pdev, 0, 0))', 'write-combining'],
])('after %s a write-combined mapping of the window is %s', async (call, cache) => {
  const driver = driverWith(`${call};
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, pci_resource_start(priv->pdev, 0) >> PAGE_SHIFT, size, vma->vm_page_prot);`);
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a\n' });
  expect(textAt(trace, 2)).toContain(`, ${cache}`);
});

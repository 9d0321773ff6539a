/** How the prototypes of the tables are read. */
import { expect, test } from 'vitest';
import { readPrototype } from '../../server/src/kernel/prototype.ts';

const parameters = (text: string) => readPrototype(text, {}).parameters.map(({ name, role }) => (role ? `${name}: ${role}` : name));

test('a function has a result, parameters and roles', () => {
  const text = 'int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)';
  expect(readPrototype(text, {})).toMatchObject({ result: 'int', vma: 0, text });
  expect(parameters(text)).toEqual(['vma: vma', 'addr: address', 'pfn: pfn', 'size: size', 'prot: prot']);
  expect(readPrototype(text, {}).parameters[0]?.type).toBe('struct vm_area_struct *');
});

test('a member is read as the handler that it points at', () => {
  expect(readPrototype('vm_fault_t (*fault)(struct vm_fault *vmf)', {})).toMatchObject({ result: 'vm_fault_t', vmf: 0 });
  expect(readPrototype('int (*fault)(struct vm_area_struct *vma, struct vm_fault *vmf)', {})).toMatchObject({ vma: 0, vmf: 1 });
  expect(readPrototype('int (*mmap_prepare)(struct uio_info *info, struct vm_area_desc *desc)', {})).toMatchObject({ desc: 1 });
});

test('a macro has names only, and a pointer result stays a pointer', () => {
  expect(parameters('#define dma_mmap_coherent(dev, vma, cpu_addr, dma_addr, size)')).toEqual([
    'dev: device',
    'vma: vma',
    'cpu_addr: kernel-address',
    'dma_addr: dma-address',
    'size: size',
  ]);
  expect(readPrototype('struct page *vmalloc_to_page(const void *addr)', {}).result).toBe('struct page *');
});

test('an output is not what its name says', () => {
  expect(parameters('int follow_pfn(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn)')).toEqual([
    'vma: vma',
    'address: address',
    'pfn',
  ]);
});

test('sizes are sizes whatever their type, and addresses tell the kernel from the program', () => {
  expect(parameters('void __iomem *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size)')).toEqual([
    'dev: device',
    'offset: physical-address',
    'size: size',
  ]);
  expect(parameters('int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff)')).toEqual([
    'vma: vma',
    'addr: kernel-address',
    'pgoff: pgoff',
  ]);
  expect(parameters('int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)')).toEqual([
    'vma: vma',
    'addr: address',
    'buf',
    'len: size',
    'write',
  ]);
});

test('a phrase is no prototype', () => {
  expect(readPrototype('automatic variable', {})).toEqual({ range: {}, text: 'automatic variable', parameters: [] });
  expect(parameters('void unlock_kernel(void)')).toEqual([]);
});

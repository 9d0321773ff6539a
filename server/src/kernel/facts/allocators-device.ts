/** Device memory and DMA memory, and how it may be mapped. Data only. */
import type { AllocatorRow, FactRow } from '../row.ts';
import { allocator, orNull } from './allocator-row.ts';

type Memory = AllocatorRow['memory'];

const iomem: Memory = {
  kind: 'iomem',
  zeroed: false,
  result: 'iomem',
  pageRefcount: 'device memory has no struct page',
  mapWith: ['vm_iomap_memory() or io_remap_pfn_range() with the physical address that was given here'],
  freedBy: 'iounmap',
};
const managed: Memory = { ...iomem, freedBy: 'devm_iounmap' };
const noConversion = 'The pointer cannot be turned back into the physical address: virt_to_phys() of it is wrong everywhere.';
const ioMapping = (name: string, parameters: string, does: string, rest: Partial<AllocatorRow> = {}): AllocatorRow =>
  allocator(name, rest.memory ?? iomem, {
    header: 'linux/io.h',
    prototypes: `void __iomem *${name}(${parameters})`,
    does: [does],
    returns: [
      ['a pointer', 'for readl(), writel() and their relatives'],
      ['NULL', 'the memory cannot be mapped'],
    ],
    ...rest,
    notes: [noConversion, ...(rest.notes ?? [])],
  });
const orError: AllocatorRow['returns'] = [
  ['a pointer', 'for readl(), writel() and their relatives'],
  ['an error pointer', 'the region is wrong or in use; test with IS_ERR()'],
];
const byAddress = 'phys_addr_t offset, size_t size';
const byDevice = 'struct device *dev, resource_size_t offset, resource_size_t size';

const dma: Memory = {
  kind: 'dma',
  zeroed: true,
  result: 'pointer',
  pageRefcount: 'whether there are pages, and where, is known to the DMA interface only',
  mapWith: ['dma_mmap_coherent()', 'dma_mmap_attrs()', 'dma_mmap_wc()'],
  freedBy: 'dma_free_coherent',
};
const dmaPages: Memory = {
  kind: 'pages',
  zeroed: true,
  result: 'page',
  pageRefcount: 'the pages are counted',
  mapWith: ['dma_mmap_pages()'],
  freedBy: 'dma_free_pages',
};
const dmaMemory = (
  name: string,
  memory: Memory,
  result: string,
  parameters: string,
  does: string,
  rest: Partial<AllocatorRow> = {},
): AllocatorRow =>
  allocator(name, memory, {
    header: 'linux/dma-mapping.h',
    prototypes: `${result}${name}(struct device *dev, size_t size, ${parameters})`,
    does: [does],
    returns: orNull,
    ...rest,
  });
const handleAndFlags = 'dma_addr_t *dma_handle, gfp_t gfp';
const handleAndDirection = 'dma_addr_t *dma_handle, enum dma_data_direction dir, gfp_t gfp';
const cleared = 'That every architecture clears it, since 5.0, is general knowledge.';

export const allocatorsDevice: readonly FactRow[] = [
  ioMapping('ioremap', byAddress, 'Maps device memory into the kernel, uncached.'),
  ioMapping('ioremap_nocache', byAddress, 'Maps device memory into the kernel, uncached: ioremap() by another name.', {
    removed: '5.6',
    replacedBy: 'ioremap',
    replacement: 'ioremap',
    obsolete: true,
  }),
  ioMapping('ioremap_wc', byAddress, 'Maps device memory into the kernel, write-combining.', { since: '2.6.26' }),
  ioMapping('ioremap_uc', byAddress, 'Maps device memory into the kernel, uncached whatever the memory type ranges say (x86).', {
    since: '4.2',
  }),
  ioMapping('ioremap_cache', byAddress, 'Maps device memory into the kernel, cached.', { since: '2.6.25' }),
  ioMapping('devm_ioremap', byDevice, 'Maps device memory into the kernel, uncached, for as long as the driver is bound.', {
    since: '2.6.21',
    memory: managed,
  }),
  ioMapping('devm_ioremap_wc', byDevice, 'Maps device memory into the kernel, write-combining, for as long as the driver is bound.', {
    since: '3.19~4.4',
    memory: managed,
  }),
  ioMapping(
    'devm_ioremap_resource',
    'struct device *dev, const struct resource *res',
    'Checks, reserves and maps a region of a device for as long as the driver is bound.',
    { since: '3.9', memory: managed, returns: orError, notes: ['The physical address is res->start, the length resource_size(res).'] },
  ),
  ioMapping(
    'devm_platform_ioremap_resource',
    'struct platform_device *pdev, unsigned int index',
    'Checks, reserves and maps a region of a platform device for as long as the driver is bound.',
    {
      since: '5.1',
      header: 'linux/platform_device.h',
      memory: managed,
      returns: orError,
      notes: ['It does not tell the physical address: platform_get_resource() does.'],
    },
  ),
  ioMapping('pci_iomap', 'struct pci_dev *dev, int bar, unsigned long max', 'Maps a BAR, or its first max bytes, into the kernel.', {
    since: '2.6.9',
    header: 'linux/pci.h',
    memory: { ...iomem, freedBy: 'pci_iounmap' },
    notes: ['The physical address is pci_resource_start(), the length pci_resource_len().'],
  }),
  ioMapping(
    'pcim_iomap',
    'struct pci_dev *pdev, int bar, unsigned long maxlen',
    'Maps a BAR into the kernel for as long as the driver is bound.',
    {
      since: '2.6.21',
      header: 'linux/pci.h',
      memory: { ...iomem, freedBy: 'pcim_iounmap' },
      notes: ['The physical address is pci_resource_start(), the length pci_resource_len().'],
    },
  ),
  ioMapping('pci_ioremap_bar', 'struct pci_dev *pdev, int bar', 'Maps a whole BAR into the kernel, uncached.', {
    since: '2.6.28',
    header: 'linux/pci.h',
    notes: ['The physical address is pci_resource_start(), the length pci_resource_len().'],
  }),
  allocator(
    'memremap',
    { ...iomem, result: 'pointer', freedBy: 'memunmap' },
    {
      since: '4.3',
      header: 'linux/io.h',
      prototypes: 'void *memremap(resource_size_t offset, size_t size, unsigned long flags)',
      does: ['Maps memory that behaves like RAM into the kernel, cached or write-combining.'],
      returns: orNull,
      notes: [noConversion],
    },
  ),
  dmaMemory('dma_alloc_coherent', dma, 'void *', handleAndFlags, 'Allocates memory that device and processor see alike.', {
    notes: [
      cleared,
      'Neither the pointer nor the DMA address gives the frame: the memory may be remapped, or come from a pool of the device.',
    ],
  }),
  dmaMemory(
    'dma_alloc_attrs',
    { ...dma, mapWith: ['dma_mmap_attrs()'], freedBy: 'dma_free_attrs' },
    'void *',
    `${handleAndFlags}, unsigned long attrs`,
    'Allocates memory for a device with DMA_ATTR_* attributes.',
    { since: '3.4', notes: [cleared, 'Up to 4.7 attrs is a struct dma_attrs *.'] },
  ),
  dmaMemory(
    'dma_alloc_wc',
    { ...dma, mapWith: ['dma_mmap_wc()'], freedBy: 'dma_free_wc' },
    'void *',
    handleAndFlags,
    'Allocates write-combining memory for a device.',
    { since: '4.6', notes: [cleared] },
  ),
  dmaMemory(
    'dmam_alloc_coherent',
    { ...dma, freedBy: 'dmam_free_coherent' },
    'void *',
    handleAndFlags,
    'Allocates coherent memory that goes with the device.',
    {
      since: '2.6.21',
      notes: ['It is freed when the driver is unbound, while mappings may still exist.'],
    },
  ),
  dmaMemory('dma_zalloc_coherent', dma, 'void *', handleAndFlags, 'Allocates cleared coherent memory.', {
    since: '3.2',
    removed: '5.1',
    replacedBy: 'dma_alloc_coherent',
    replacement: 'dma_alloc_coherent',
    obsolete: true,
  }),
  dmaMemory(
    'dma_alloc_noncoherent',
    { ...dmaPages, result: 'pointer', freedBy: 'dma_free_noncoherent' },
    'void *',
    handleAndDirection,
    'Allocates memory that must be synchronised between device and processor.',
    { since: '5.10' },
  ),
  dmaMemory(
    'dma_alloc_pages',
    dmaPages,
    'struct page *',
    handleAndDirection,
    'Allocates pages that must be synchronised between device and processor.',
    {
      since: '5.10',
    },
  ),
  allocator(
    'pci_alloc_consistent',
    { ...dma, zeroed: false, freedBy: 'pci_free_consistent' },
    {
      removed: '5.18',
      replacedBy: 'dma_alloc_coherent(), which takes the device and the allocation flags as well',
      obsolete: true,
      header: 'linux/pci.h',
      prototypes: 'void *pci_alloc_consistent(struct pci_dev *hwdev, size_t size, dma_addr_t *dma_handle)',
      does: ['Allocates memory that a PCI device and the processor see alike.'],
      returns: orNull,
    },
  ),
];

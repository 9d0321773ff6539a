/** What a value of the driver is taken to mean, by its uses: told by small drivers whose handlers use it in one way. */
import { expect, test } from 'vitest';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { driverWith } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const mapOnce = 'open rw\na = mmap len 2p prot rw shared\n';

/** A handler that finds its state in a struct that nobody fills. */
function handlerOf(body: string, fields: string, more = ''): string {
  return driverWith(`struct gadget *g = file->private_data;\n\t${body}`, `struct gadget {\n${fields}\n};\n${more}`);
}

async function assumed(driver: string, name: string): Promise<Trace['assumptions'][number] | undefined> {
  const trace = await traceOf(driver, { scenario: mapOnce });
  return trace.assumptions.find((each) => each.name.endsWith(name));
}

test('what is subtracted from an offset is an offset, though the sum is an address', async () => {
  const driver = handlerOf(
    'unsigned long at = vma->vm_pgoff << PAGE_SHIFT;\n\treturn remap_pfn_range(vma, vma->vm_start, (g->win_phys + (at - g->win_offset)) >> PAGE_SHIFT, size, vma->vm_page_prot);',
    '\tunsigned long win_phys;\n\tunsigned long win_offset;',
  );
  expect(await assumed(driver, 'win_offset')).toMatchObject({ value: '0' });
  expect((await assumed(driver, 'win_phys'))?.reason).toMatch(
    /a physical address, because it is given to remap_pfn_range, shifted to a pfn/,
  );
});

test('what is shifted to a count of pages is a length in bytes', async () => {
  const driver = handlerOf(
    'unsigned int count = g->extent >> PAGE_SHIFT;\n\treturn vm_map_pages(vma, g->pages, count);',
    '\tstruct page **pages;\n\tunsigned long extent;',
  );
  expect(await assumed(driver, 'extent')).toMatchObject({ value: '64 KiB (0x10000)' });
});

test.each(['g->extent << PAGE_SHIFT', 'PAGE_SIZE * g->extent'])('what is turned into bytes by %s counts pages', async (bytes) => {
  const driver = handlerOf(`return vm_iomap_memory(vma, g->win_phys, ${bytes});`, '\tunsigned long win_phys;\n\tunsigned long extent;');
  expect(await assumed(driver, 'extent')).toMatchObject({
    value: '16',
    reason: expect.stringMatching(/given to vm_iomap_memory, turned into bytes/),
  });
});

test('the number of a BAR and the index of an array are indexes, whatever they are called', async () => {
  const bar = handlerOf(
    'return vm_iomap_memory(vma, pci_resource_start(g->pdev, g->mmio_base), size);',
    '\tstruct pci_dev *pdev;\n\tint mmio_base;',
  );
  expect(await assumed(bar, 'mmio_base')).toMatchObject({ value: '0', reason: expect.stringMatching(/an index/) });
  const element = handlerOf('return vm_iomap_memory(vma, g->bases[g->num], size);', '\tphys_addr_t bases[4];\n\tunsigned int num;');
  expect(await assumed(element, '>num')).toMatchObject({ value: '0', reason: expect.stringMatching(/an index of an array/) });
});

test('a member that is called is a function, whatever it is called', async () => {
  const driver = handlerOf(
    'if (!g->impl->mmio_addr)\n\t\treturn -EOPNOTSUPP;\n\treturn vm_iomap_memory(vma, g->impl->mmio_addr(g->impl, 0), size);',
    '\tconst struct gadget_impl *impl;',
  );
  expect(await assumed(driver, '->mmio_addr')).toMatchObject({ value: 'not NULL' });
});

test('a device that a call is about is no NULL, and attributes are no address', async () => {
  const driver = handlerOf(
    'return dma_mmap_attrs(g->core->dev, vma, g->core->cpu, g->core->dma_addr, size, g->core->dma_attrs);',
    '\tstruct gadget_core *core;',
  );
  expect(await assumed(driver, 'core->dev')).toMatchObject({ value: 'not NULL' });
  expect(await assumed(driver, 'core->dma_attrs')).toMatchObject({ value: '0' });
});

test('a pointer of the same name leads on when it is of another type', async () => {
  const driver = handlerOf(
    'return dma_mmap_coherent(g->dev->dev, vma, g->cpu, g->dma_addr, size);',
    '\tstruct gadget_bus *dev;\n\tvoid *cpu;\n\tdma_addr_t dma_addr;',
    'struct gadget_bus {\n\tstruct device *dev;\n};',
  );
  expect(await assumed(driver, 'dev->dev')).toMatchObject({ value: 'not NULL' });
});

test('something that is open has a user', async () => {
  const driver = handlerOf('if (g->nreaders <= 0)\n\t\treturn -ENODEV;\n\treturn -EBUSY;', '\tint nreaders;');
  expect(await assumed(driver, 'nreaders')).toMatchObject({ value: '1', reason: expect.stringMatching(/count of users/) });
});

test.each(['queue_depth', 'xres', 'bits_per_pixel'])('%s counts something', async (field) => {
  const driver = handlerOf(`if (!g->${field})\n\t\treturn -EINVAL;\n\treturn 0;`, `\tunsigned int ${field};`);
  expect(await assumed(driver, field)).toMatchObject({ value: '16', reason: `a count, because it is called ${field}` });
});

test('variables of the kernel are not those of the driver', async () => {
  const trace = await traceOf(driverWith('return nr_cpu_ids > 64 ? -EINVAL : 0;'), { scenario: mapOnce });
  expect(trace.assumptions.some(({ name }) => name === 'nr_cpu_ids')).toBe(false);
});

test('a resource_size_t that is called a size is a length', async () => {
  const driver = handlerOf('if (!g->win_size)\n\t\treturn -EINVAL;\n\treturn 0;', '\tresource_size_t win_size;');
  expect(await assumed(driver, 'win_size')).toMatchObject({ value: '64 KiB (0x10000)' });
});

test('flags may lack each of the bits that are tested', async () => {
  const driver = handlerOf(
    'if (!(g->rights & MAY_MAP) || (g->rights & MAY_BURST))\n\t\treturn -EINVAL;\n\treturn 0;',
    '\tu32 rights;',
    '#define MAY_MAP 2\n#define MAY_BURST 8\n',
  );
  expect(await assumed(driver, 'rights')).toMatchObject({ value: '0xfffffff7', reason: expect.stringMatching(/flags without MAY_BURST/) });
});

/** The way through a handler that a simulation finds by itself: one on which the handler puts something into the mapping. */
import { expect, test } from 'vitest';
import { driverWith } from './support/drivers.ts';
import { textAt, traceOf } from './support/simulate.ts';

const mapOnce = 'open rw\na = mmap len 1p prot rw shared\n';

const toMemory = 'remap_pfn_range(vma, vma->vm_start, g->start >> PAGE_SHIFT, size, vma->vm_page_prot)';

/** A handler that finds its state in a struct that nobody fills. */
function driverOf(body: string, fields: string): string {
  return driverWith(`struct gadget *g = file->private_data;\n\t${body}`, `struct gadget {\n\tphys_addr_t start;\n${fields}\n};`);
}

test('a handler that refuses without an error is taken to where it maps', async () => {
  const driver = driverOf(`if (g->step != 2)\n\t\treturn 0;\n\treturn ${toMemory};`, '\tint step;');
  const trace = await traceOf(driver, { scenario: mapOnce });
  expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: expect.stringMatching(/step$/), value: '2' }));
  expect(textAt(trace, 2)).toContain('remap_pfn_range');
});

test('a handler that leaves the mapping to another file is taken to where it maps itself', async () => {
  const driver = driverOf(
    `if (g->map)\n\t\treturn g->map(g, vma);\n\treturn ${toMemory};`,
    '\tint (*map)(struct gadget *, struct vm_area_struct *);',
  );
  const trace = await traceOf(driver, { scenario: mapOnce });
  expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: expect.stringMatching(/map$/), value: 'NULL' }));
  expect(textAt(trace, 2)).toContain('remap_pfn_range');
});

test('a handler that never maps still makes its empty mapping', async () => {
  const trace = await traceOf(driverOf('vma->vm_private_data = g;\n\treturn g->step == 3 ? -EINVAL : 0;', '\tint step;'), {
    scenario: mapOnce,
  });
  expect(textAt(trace, 2)).toMatch(/mmap\(2\) returns 0x/);
});

/** The handlers of a file with what was found on their ways. */
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import { handlerTree } from '../../server/src/ide/handler-tree.ts';
import { listHandlers } from '../../server/src/ide/handlers.ts';
import { openText } from '../support/check-text.ts';

const text = `static int map_pages(struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return 0;
}
static int prepare(struct vm_area_struct *vma) { return map_pages(vma); }
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	return prepare(vma);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
static const struct file_operations other_fops = { .mmap = card_mmap };
static const struct dma_buf_ops card_dma_buf_ops = { .mmap = card_buf_mmap };
#ifndef CONFIG_MMU
static int flat_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static const struct file_operations flat_fops = { .mmap = flat_mmap };
#endif
`;
const uriOf = (file: string) => `file://${file}`;

describe('handlerTree', () => {
  it('names each function once, with its slots, and says which are not compiled', async () => {
    const document = await openText({ text });
    const entries = handlerTree(document.file, listHandlers(document));
    expect(entries.map(({ function: name, slots, range, compiled }) => `${range.start.line} ${name} ${slots.join()} ${compiled}`)).toEqual([
      '6 card_mmap file_operations.mmap true',
      '12 card_buf_mmap dma_buf_ops.mmap true',
      '14 flat_mmap file_operations.mmap false',
    ]);
    expect(entries.every(({ findings }) => findings === undefined)).toBe(true);
  });

  it('tells the way from a handler to what was found', async () => {
    const document = await openText({ text });
    const { findings } = checkDocument(document, { select: ['vm-flags-direct-write'] });
    const [entry, ...others] = handlerTree(document.file, listHandlers(document), { driver: document.driver, findings, uriOf });
    expect(entry?.findings).toMatchObject([
      {
        rule: 'vm-flags-direct-write',
        uri: 'file:///driver/driver.c',
        range: { start: { line: 2 } },
        way: ['card_mmap', 'prepare', 'map_pages'],
      },
    ]);
    expect(others.flatMap((each) => each.findings ?? [])).toEqual([]);
  });

  it('leaves the handlers of other files to them', async () => {
    const document = await openText({
      text: '#include "map.h"\nstatic const struct file_operations card_fops = { .mmap = map_it };\n',
      files: {
        '/driver/map.h': 'static inline int map_it(struct file *file, struct vm_area_struct *vma) { return 0; }\n',
      },
    });
    const rows = listHandlers(document);
    expect(handlerTree('/driver/driver.c', rows)).toEqual([]);
    expect(handlerTree('/driver/map.h', rows)).toMatchObject([{ function: 'map_it', range: { start: { line: 0, character: 18 } } }]);
  });
});

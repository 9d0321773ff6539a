/** Drivers of several C files: what is declared in a header and defined beside it, and what is left alone. */
import { describe, expect, it } from 'vitest';
import { checkText } from '../support/check-text.ts';
import { driverOf } from '../support/driver.ts';

const header = `struct card { phys_addr_t base; unsigned long bytes; void *buf; };
int card_mmap(struct file *file, struct vm_area_struct *vma);
bool card_allows(struct card *card, unsigned long offset, unsigned long length);
extern const struct vm_operations_struct card_vm_ops;
`;

const handler = `#include "card.h"
int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long length = vma->vm_end - vma->vm_start;

	if (!card_allows(card, vma->vm_pgoff, length))
		return -EINVAL;
	vma->vm_ops = &card_vm_ops;
	return io_remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, length, pgprot_noncached(vma->vm_page_prot));
}
`;

const registration = `#include "card.h"
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap = card_mmap };
`;

const allows = (body: string) => `#include "card.h"
bool card_allows(struct card *card, unsigned long offset, unsigned long length)
{
	${body}
}
`;

async function rulesOf(text: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { findings } = await checkText({ text, files: { '/driver/card.h': header, ...files } });
  return findings.map(({ rule }) => rule);
}

describe('a handler that another file registers', () => {
  it('has the slot, and the place of its registration', async () => {
    const driver = await driverOf(handler, { files: { '/driver/card.h': header, '/driver/main.c': registration } });
    expect(driver.handlers).toHaveLength(1);
    expect(driver.handlers[0]).toMatchObject({ function: 'card_mmap', slot: 'file_operations.mmap', file: '/driver/own.c', defined: true });
    expect(driver.handlers[0]?.registeredAt).toMatchObject({ file: '/driver/main.c', table: 'card_fops' });
  });

  it('is defined where the file that registers it is read', async () => {
    const driver = await driverOf(registration, { files: { '/driver/card.h': header, '/driver/map.c': handler } });
    expect(driver.handlers[0]).toMatchObject({ function: 'card_mmap', file: '/driver/map.c', defined: true, parameter: 1 });
    expect(driver.body('card_mmap')?.name).toBe('card_mmap');
  });

  it('is looked for in its own folder alone', async () => {
    const driver = await driverOf(handler, { files: { '/driver/card.h': header, '/other/main.c': registration } });
    expect(driver.handlers[0]?.slot).toBe('signature.mmap');
  });
});

describe('a helper of another file', () => {
  it('is followed when it checks', async () => {
    const util = allows('return offset == 0 && length <= card->bytes;');
    expect(await rulesOf(handler, { '/driver/util.c': util, '/driver/main.c': registration })).toEqual([]);
  });

  it('is followed when it does not', async () => {
    const util = allows('return offset == 0;');
    expect(await rulesOf(handler, { '/driver/util.c': util, '/driver/main.c': registration })).toContain('mmap-no-size-check');
  });

  it('may check anything when no file of the folder has it', async () => {
    expect(await rulesOf(handler, { '/driver/main.c': registration })).not.toContain('mmap-no-size-check');
  });

  it('brings the static functions and the macros that it uses', async () => {
    const util = `#define WHOLE 0
static bool starts(unsigned long offset) { return offset == WHOLE; }
${allows('return starts(offset);')}`;
    const driver = await driverOf(handler, { files: { '/driver/card.h': header, '/driver/util.c': util } });
    expect([...driver.functions.keys()].sort()).toEqual(['card_allows', 'card_mmap', 'starts']);
    expect(driver.macros.has('WHOLE')).toBe(true);
  });

  it('is left alone when it uses a static name that means something else here', async () => {
    const util = `static bool starts(unsigned long offset) { return true; }\n${allows('return starts(offset);')}`;
    const own = `static bool starts(int other) { return other; }\n${handler}`;
    const driver = await driverOf(own, { files: { '/driver/card.h': header, '/driver/util.c': util } });
    expect(driver.functions.has('card_allows')).toBe(false);
  });

  it('is not read when no handler reaches it', async () => {
    const own = '#include "card.h"\nlong card_ioctl(struct card *card)\n{\n\treturn card_allows(card, 0, 1);\n}\n';
    const driver = await driverOf(own, { files: { '/driver/card.h': header, '/driver/util.c': allows('return true;') } });
    expect([...driver.files.keys()]).toEqual(['/driver/own.c', '/driver/card.h']);
  });
});

describe('a table of another file', () => {
  it('is one of the driver', async () => {
    const util = `#include "card.h"
static void card_close(struct vm_area_struct *vma) { }
const struct vm_operations_struct card_vm_ops = { .close = card_close };
`;
    const driver = await driverOf(handler, { files: { '/driver/card.h': header, '/driver/util.c': util } });
    expect(driver.tables).toMatchObject([{ name: 'card_vm_ops', container: 'vm_operations_struct', file: '/driver/util.c' }]);
  });
});

describe('a field of a shared struct', () => {
  const own = `#include "card.h"
int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start > card->bytes)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(card->buf) >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
`;
  const setup = '#include "card.h"\nint card_setup(struct card *card)\n{\n\tcard->buf = vmalloc_user(card->bytes);\n\treturn 0;\n}\n';

  it('has the memory that another file allocates', async () => {
    const driver = await driverOf(own, { files: { '/driver/card.h': header, '/driver/setup.c': setup } });
    expect(driver.sourcesOf('card', 'buf')).toMatchObject([{ struct: 'card', function: 'card_setup', file: '/driver/setup.c' }]);
    expect(await rulesOf(own, { '/driver/setup.c': setup })).toContain('remap-kmalloc-virt');
  });

  it('is another one when the file has a struct of its own by that name', async () => {
    const driver = await driverOf(`struct card { void *buf; };\n${own.replace('#include "card.h"\n', '')}`, {
      files: { '/driver/card.h': header, '/driver/setup.c': setup },
    });
    expect(driver.sourcesOf('card', 'buf')).toEqual([]);
  });
});

describe('a folder', () => {
  it('of many and of broken files is survived', async () => {
    const files: Record<string, string> = { '/driver/card.h': header };
    for (let i = 0; i < 300; i++) files[`/driver/part${i}.c`] = `bool card_allows(struct card *card, unsigned long ${'('.repeat(i)}\n`;
    const driver = await driverOf(handler, { files });
    expect(driver.handlers).toHaveLength(1);
    expect(driver.functions.has('card_allows')).toBe(false);
  });
});

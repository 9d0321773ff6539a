/**
 * The text that quick fixes write: the lines that a fix adds to a fixture, by the function of its finding. `fixes.test.ts` tries whether
 * a fix mends; here stands how it reads, and where it is not offered because something that it needs is not seen.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../server/src/cli/apply-fixes.ts';
import { checkText } from '../support/check-text.ts';
import { readFixture } from '../support/fixture.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures/rules');

/** For each finding of the rule: its function, and the lines that its first fix adds, without their indentation. */
async function added(rule: string, text: string, kernel = readFixture(text).kernel): Promise<Record<string, readonly string[]>> {
  const { findings } = await checkText({ text, kernel }, { possible: true });
  const lines: Record<string, readonly string[]> = {};
  for (const finding of findings.filter((each) => each.rule === rule)) {
    const before = new Set(text.split('\n'));
    const [fix] = finding.fixes;
    const mended = fix ? applyChanges(text, [fix.changes]).text : text;
    lines[finding.function ?? ''] = mended.split('\n').flatMap((line) => (before.has(line) ? [] : [line.trim()]));
  }
  return lines;
}

function fixture(name: string): string {
  return readFileSync(path.join(fixtures, name), 'utf8');
}

describe('a sum that wraps', () => {
  it('is taken apart whichever way it is written', async () => {
    expect(await added('mmap-pgoff-overflow', fixture('mmap-pgoff-overflow/shapes.c'))).toEqual({
      limit_first_mmap: ['if ((vma->vm_pgoff << PAGE_SHIFT) > card->size ||', 'size > card->size - (vma->vm_pgoff << PAGE_SHIFT))'],
      allowed_mmap: ['if (!card->quiet && offset <= card->size && size <= card->size - offset)'],
      closer_mmap: ['if (card->size && (offset > card->size || size > card->size - offset))'],
    });
  });

  it('is left where a part of it may do something', async () => {
    const text = fixture('mmap-pgoff-overflow/wraps.c').replace('offset + size > card->size)', 'offset + size > card_size(card))');
    const more = 'static unsigned long card_size(struct card *card)\n{\n\treturn card->size;\n}\n\nstatic int bytes_wrap_mmap';
    const lines = await added('mmap-pgoff-overflow', text.replace('static int bytes_wrap_mmap', more));
    expect(lines.bytes_wrap_mmap).toEqual([]);
  });
});

describe('what is refused first', () => {
  const driver = (declaration: string) => `#include <linux/fs.h>
#include <linux/mm.h>

struct card { unsigned long pfn; unsigned long size; };
struct card *card_get(struct file *file);

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = ${declaration}; /* of the file */
	unsigned long size = vma->vm_end - vma->vm_start;

	/* No more than there is. */
	if (size > card->size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, card->pfn, size, vma->vm_page_prot);
}

static const struct file_operations card_fops = { .mmap = card_mmap };
`;

  it('stands above the comment of the first statement', async () => {
    const text = driver('file->private_data');
    const { findings } = await checkText({ text }, { possible: true });
    const [fix] = findings.find(({ rule }) => rule === 'mmap-pgoff-ignored')?.fixes ?? [];
    expect(applyChanges(text, fix ? [fix.changes] : []).text).toContain(
      'vma->vm_start;\n\n\tif (vma->vm_pgoff)\n\t\treturn -EINVAL;\n\t/* No more than there is. */\n\tif (size',
    );
  });

  it('is not offered where a declaration takes a reference', async () => {
    expect(await added('mmap-pgoff-ignored', driver('card_get(file)'))).toEqual({ card_mmap: [] });
  });

  it('is spelled out for kernels without is_cow_mapping()', async () => {
    const text = fixture('remap-cow-partial/pieces.c');
    const test = (vma: string) => [`if (${vma})`];
    expect(await added('remap-cow-partial', text, '6.12')).toEqual({
      loop_mmap: test('is_cow_mapping(vma->vm_flags)'),
      two_halves_mmap: test('is_cow_mapping(vma->vm_flags)'),
    });
    expect(await added('remap-cow-partial', text, '5.10')).toEqual({
      loop_mmap: test('(vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE'),
      two_halves_mmap: test('(vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE'),
    });
  });
});

describe('the size of what is mapped', () => {
  it('is said as the driver says it', async () => {
    expect(await added('mmap-no-size-check', fixture('mmap-no-size-check/known-sizes.c'))).toEqual({
      bar_mmap: [
        'if (vma->vm_pgoff > (pci_resource_len(card->pdev, 2) >> PAGE_SHIFT) ||',
        'vma->vm_end - vma->vm_start > pci_resource_len(card->pdev, 2) - (vma->vm_pgoff << PAGE_SHIFT))',
      ],
      resource_mmap: ['if (size > resource_size(card->res))'],
      table_mmap: ['if (vma->vm_end - vma->vm_start > RING_BYTES)'],
      block_mmap: ['if (vma->vm_end - vma->vm_start > (PAGE_SIZE << own->order))'],
      ring_mmap: ['if (vma->vm_end - vma->vm_start > own->ring.bytes)'],
      window_mmap: ['if (vma->vm_end - vma->vm_start > WINDOW_BYTES)'],
      told_mmap: ['return vm_iomap_memory(vma, card->window, WINDOW_BYTES);'],
      // A lock is held.
      locked_mmap: [],
    });
  });

  it('is compared with what is left behind the offset, in the unit of the check', async () => {
    expect(await added('mmap-pgoff-unchecked', fixture('mmap-pgoff-unchecked/sum.c'))).toEqual({
      each_alone_mmap: ['if (vma->vm_pgoff >= card->nr_pages || vma_pages(vma) > card->nr_pages - vma->vm_pgoff)'],
    });
    // Offsets count from the begin of a window there, and not from 0.
    expect(await added('mmap-pgoff-unchecked', fixture('mmap-pgoff-unchecked/window.c'))).toEqual({ each_mmap: [] });
  });

  it('is the smaller one, below the parenthesis of its call', async () => {
    expect(await added('mmap-size-not-vma', fixture('mmap-size-not-vma/buffer-size.c'))).toEqual({
      card_mmap: [
        'return remap_pfn_range(vma, vma->vm_start, card->pfn,',
        'min_t(unsigned long, card->size, vma->vm_end - vma->vm_start), vma->vm_page_prot);',
      ],
    });
  });
});

describe('a buffer as a whole', () => {
  it('is mapped by what its allocation was told, from the begin alone', async () => {
    expect(await added('remap-kmalloc-virt', fixture('remap-kmalloc-virt/whole.c'))).toEqual({
      ring_mmap: ['if (dma_mmap_coherent(card->dev, vma, card->ring.cpu, card->ring.bus, card->ring.bytes))'],
      trace_mmap: ['c->trace = vmalloc_user(c->trace_bytes);', 'return remap_vmalloc_range(vma, card->trace, 0);'],
      second_page_mmap: [],
    });
  });
});

describe('an element that the offset chooses', () => {
  const offered = async (text: string) => {
    const { findings } = await checkText({ text, kernel: '6.12' });
    const found = findings.filter(({ rule }) => rule === 'mmap-pgoff-unchecked');
    return found.map(({ fixes: [fix] }) => fix && applyChanges(text, [fix.changes]).text.split('\n').slice(14, 17));
  };

  it('is compared with the length of its array, where no declaration reads it before', async () => {
    const text = fixture('mmap-pgoff-unchecked/element-buffer.c');
    const added = ['\tif (vma->vm_pgoff >= ARRAY_SIZE(card->queues))', '\t\treturn -EINVAL;'];
    expect(await offered(text)).toEqual([[...added, expect.stringContaining('if (vma->vm_end - vma->vm_start != PAGE_SIZE')]]);
    const early = text
      .replace('unsigned int depth;', 'struct queue *next;')
      .replace('= &card->queues[vma->vm_pgoff];', '= card->queues[vma->vm_pgoff].next;');
    expect(await offered(early)).toEqual([undefined]);
  });
});

describe('file operations of a proc entry', () => {
  it('get other names and lose their owner, unless somebody else uses them', async () => {
    const text = fixture('file-ops-proc/slots.c');
    const { findings } = await checkText({ text, kernel: '6.12' });
    const texts = findings
      .filter(({ rule }) => rule === 'file-ops-proc')
      .map(({ fixes: [fix] }) => fix && applyChanges(text, [fix.changes]).text);
    expect(texts[0]).toContain('static const struct proc_ops card_fops = {\n\t.proc_open = card_open,\n\t.proc_read = seq_read,\n');
    expect(texts[1]).toContain('static const struct proc_ops line_fops = { .proc_mmap = card_mmap };');
    expect(texts[2]).toBeUndefined();
  });
});

describe('a look-up of a vma', () => {
  it('compares where the kernel cannot yet', async () => {
    expect(await added('find-vma-unchecked', fixture('find-vma-unchecked/before-lookup.c'))).toEqual({
      card_alone: ['if (!vma || card->at < vma->vm_start)'],
      card_with_more: ['if (unlikely(!vma || card->at < vma->vm_start) || vma->vm_file)'],
      card_positive: ['if (vma && (unsigned long)card->where >= vma->vm_start && vma->vm_file)'],
    });
    expect(await added('find-vma-unchecked', fixture('find-vma-unchecked/beyond.c'))).toEqual({
      card_ioctl: ['vma = vma_lookup(current->mm, arg);'],
    });
  });
});

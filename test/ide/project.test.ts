/** What a project says in its settings file: how it is found, what is said about bad values, and what it changes. */
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import { SourceDocument } from '../../server/src/ide/document.ts';
import { projectFor, readProject, targetIn } from '../../server/src/ide/project.ts';
import { testGrammar } from '../support/grammar.ts';

const driver = `#include <linux/fs.h>
#include <linux/mm.h>
struct card { phys_addr_t base; unsigned long size; };

static int card_fits(struct card *card, struct vm_area_struct *vma)
{
	return vma->vm_end - vma->vm_start != 4096 * 77;
}

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;

#ifdef CONFIG_CARD_FLAGS
	vma->vm_flags |= VM_DONTCOPY;
#endif
	if (!card_fits(card, vma))
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations card_fops = { .mmap = card_mmap };
`;
const file = '/home/me/card/src/card.c';

async function check(settings: object | undefined, text = driver) {
  const files: Record<string, string> = settings ? { '/home/me/card/.driver-mmap.json': JSON.stringify(settings) } : {};
  const host = { readFile: (path: string) => files[path] };
  const project = projectFor(file, host);
  const target = targetIn(project, file, 'auto', host);
  const document = new SourceDocument({ grammar: await testGrammar(), host, target }, file, text);
  const { findings } = checkDocument(document, { severities: project.rules, ignore: ['prefer-mmap-prepare'] });
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

describe('the settings of a project', () => {
  it('choose the kernel', async () => {
    expect(await check(undefined)).toEqual(['error vm-flags-direct-write', 'error mmap-no-size-check']);
    expect(await check({ kernel: '6.1' })).toEqual(['error mmap-no-size-check']);
  });

  it('set options of the kernel', async () => {
    expect(await check({ config: { CONFIG_CARD_FLAGS: false } })).toEqual(['error mmap-no-size-check']);
  });

  it('set the severity of rules, and switch them off', async () => {
    expect(await check({ rules: { 'vm-flags-direct-write': 'off', 'mmap-no-size-check': 'info' } })).toEqual(['info mmap-no-size-check']);
  });

  it('name functions that check bounds', async () => {
    expect(await check({ boundsChecks: ['card_fits'] })).toEqual(['error vm-flags-direct-write']);
  });

  it('name handlers in tables of other subsystems', async () => {
    const text = `#include <linux/mm.h>
struct card { phys_addr_t base; };
static int card_pages(int index, struct card *card, struct vm_area_struct *vma)
{
	return io_remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, vma->vm_end - vma->vm_start, pgprot_noncached(vma->vm_page_prot));
}
static const struct card_host_ops card_ops = { .pages_to_user = card_pages };
`;
    expect(await check(undefined, text)).toEqual([]);
    expect(await check({ handlerSlots: { 'card_host_ops.pages_to_user': 'mmap' } }, text)).toEqual(['error mmap-no-size-check']);
  });

  it('say what memory the allocators of the driver give', async () => {
    const text = `${driver
      .slice(0, driver.indexOf('static const'))
      .replace('unsigned long size;', 'unsigned long size; void *buf;')
      .replace('vma->vm_flags |= VM_DONTCOPY;', '')
      .replace('card->base >>', 'virt_to_phys(card->buf) >>')
      .replace('if (!card_fits(card, vma))', 'if (vma->vm_pgoff || vma->vm_end - vma->vm_start > card->size)')}
static void *card_alloc(unsigned long size) { return card_pool_get(size); }
static int card_start(struct card *card) { card->buf = card_alloc(card->size); return 0; }
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap = card_mmap };
`;
    expect(await check(undefined, text)).not.toContain('error remap-kmalloc-virt');
    expect(await check({ allocators: { card_alloc: 'vmalloc_user' } }, text)).toContain('error remap-kmalloc-virt');
  });

  it('go behind a version that was asked for', () => {
    const host = { readFile: (path: string) => (path === '/home/me/.driver-mmap.json' ? '{"kernel": "6.1"}' : undefined) };
    const project = projectFor(file, host);
    expect(targetIn(project, file, '5.4', host).version).toMatchObject({ major: 5, minor: 4 });
    expect(targetIn(project, file, 'auto', host).version).toMatchObject({ major: 6, minor: 1 });
  });

  it('count apart from what is wrong in them', () => {
    const project = readProject(
      '/x/.driver-mmap.json',
      JSON.stringify({
        kernel: 'newest',
        config: { CONFIG_A: true, B: 'y', CONFIG_C: [] },
        rules: { 'mmap-no-size-chek': 'off', 'remap-unlocked': 'fatal', 'mmap-sem-name': 'off' },
        boundsChecks: ['fits', 7],
        handlerSlots: { 'card_ops.map': 'mmap', 'card_ops.see': 'poll', card: 'mmap' },
        allocators: { card_alloc: 'kzalloc', card_get: 'card_alloc' },
        kernal: '6.1',
      }),
    );
    expect(project.kernel).toBe('auto');
    expect([...project.config]).toEqual([['CONFIG_A', 'y']]);
    expect([...project.rules]).toEqual([['mmap-sem-name', 'off']]);
    expect([...project.boundsChecks]).toEqual(['fits']);
    expect([...project.handlerSlots]).toEqual([['card_ops.map', 'mmap']]);
    expect([...project.allocators]).toEqual([['card_alloc', 'kzalloc']]);
    expect(project.problems.map(({ message }) => message)).toEqual([
      'There is no setting "kernal"; there are kernel, config, rules, boundsChecks, handlerSlots, allocators, $schema. Did you mean `kernel`?',
      'kernel: "newest" is not allowed here; it takes "auto" or a version such as "6.12".',
      'config.B: "y" is not allowed here; it takes names that begin with CONFIG_.',
      'config.CONFIG_C: [] is not allowed here; it takes true, false, a text or a number.',
      'rules.mmap-no-size-chek: There is no rule of this name. Did you mean `mmap-no-size-check`?',
      'rules.remap-unlocked: "fatal" is not allowed here; it takes one of "off", "hint", "info", "warning", "error".',
      'boundsChecks[1]: 7 is not allowed here; it takes the name of a function.',
      'handlerSlots.card_ops.see: "poll" is not allowed here; it takes one of "mmap", "mmap_prepare", "fault", "huge_fault", "page_mkwrite", "pfn_mkwrite".',
      'handlerSlots.card: "mmap" is not allowed here; it takes names of a struct and a field, with a dot between.',
      'allocators.card_get: "card_alloc" is not allowed here; it takes an allocator of the kernel such as "vmalloc_user", "kzalloc", "alloc_pages" or "dma_alloc_coherent".',
    ]);
  });

  it.each(['', '{', '[]', '7', 'null'])('are left out as a whole when the file is %j', (text) => {
    const project = readProject('/x/.driver-mmap.json', text);
    expect(project.problems).toHaveLength(1);
    expect(project.problems[0]?.message).toMatch(/nothing of it counts/);
    expect(project.kernel).toBe('auto');
  });
});

/** What C writes to memory that programs map, and what it reads of what they wrote: text, structs, second addresses, maps of pages. */
import { describe, expect, test } from 'vitest';
import { traceOf } from '../support/simulate.ts';

/** A misc device whose pages come on demand; `set` runs in its init function, ioctl runs `command` and gives `result`. */
function driver(set: string, { globals = '', command = '' } = {}): string {
  return `
struct slate_head { u32 magic; u16 kind; char name[6]; u32 count, limit; };
static struct page *pages[4];
static u8 *view;
static long result;
static char slate_title[16] = "titled";
${globals}
static vm_fault_t slate_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= 4)
		return VM_FAULT_SIGBUS;
	get_page(pages[vmf->pgoff]);
	vmf->page = pages[vmf->pgoff];
	return 0;
}
static const struct vm_operations_struct slate_vm_ops = { .fault = slate_fault };
static int slate_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &slate_vm_ops;
	return 0;
}
static long slate_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct slate_head *head = page_address(pages[0]);
	int index;

	${command}
	return result;
}
static const struct file_operations slate_fops = { .owner = THIS_MODULE, .mmap = slate_mmap, .unlocked_ioctl = slate_ioctl };
static struct miscdevice slate_device = { .minor = MISC_DYNAMIC_MINOR, .name = "slate", .fops = &slate_fops };
static int __init slate_init(void)
{
	struct page *copies[4];
	char text[16];
	int i;

	for (i = 0; i < 4; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages[i])
			return -ENOMEM;
	}
	${set}
	return misc_register(&slate_device);
}
module_init(slate_init);
`;
}

/** What a scenario comes to; its expectations that fail, or why it stops, are in it. */
async function verdictOf(code: string, lines: readonly string[]) {
  const { verdict } = await traceOf(code, { scenario: lines.join('\n') });
  return { outcome: verdict.outcome, failed: verdict.failedExpectations, problems: verdict.problems };
}

const holds = { outcome: 'completed', failed: [], problems: [] };

/** The same after the device was opened and mapped. */
const told = (code: string, ...lines: readonly string[]) => verdictOf(code, ['open rw', 'a = mmap len 4p prot rw shared', ...lines]);

describe('text in pages', () => {
  test.each([
    ['strcpy(page_address(pages[0]), "hello");', '"hello\\0"'],
    ['strcpy(page_address(pages[0]), "hel"); strcat(page_address(pages[0]), "lo");', '"hello\\0"'],
    ['memset(page_address(pages[0]), 7, 16); strncpy(page_address(pages[0]), "ab", 4);', '"ab\\0\\0\\x07"'],
    ['strscpy(page_address(pages[0]), "much too long", 5);', '"much\\0"'],
    ['sprintf(page_address(pages[0]), "page %d of %s", 2, "slate");', '"page 2 of slate\\0"'],
    ['snprintf(page_address(pages[0]), 6, "%08x", 0x1234);', '"00001\\0"'],
    ['sprintf(page_address(pages[0]), "%-4s|%.2s|%5u", "ab", "cdef", 7);', '"ab  |cd|    7"'],
    ['memcpy(page_address(pages[0]), "literal", 8);', '"literal\\0"'],
    ['strcpy(page_address(pages[0]), slate_title); strcat(page_address(pages[0]), "!");', '"titled!\\0"'],
    ['strcpy(text, "copied"); memcpy(page_address(pages[0]), text, 7);', '"copied\\0"'],
    ['memset32(page_address(pages[0]), 0x44434241, 2);', '"ABCDABCD\\0"'],
  ])('%s', async (set, expected) => {
    expect(await told(driver(set), 'read a len 16', `expect ${expected}`)).toEqual(holds);
  });

  test.each([
    ['strlen("four")', 4],
    ['strcmp("a", "b") < 0', 1],
    ['strncmp("abc", "abd", 2)', 0],
    ['sscanf("fill 2 0x1f", "%7s %d %i", text, &first, &second) + first + second', 3 + 2 + 31],
    ['kstrtouint("0x20\\n", 0, &number) + number', 32],
    ['kstrtouint("20x", 0, &number)', -22],
    ['kstrtou8("256", 10, &small)', -34],
    ['strim(strcpy(text, "  ab ")) - text', 2],
    ['strchr(strcpy(text, "a=b"), \'=\') - text', 1],
    ['memcmp("abc", "abd", 3) < 0', 1],
  ])('%s is %i', async (expression, value) => {
    const command = `char text[16]; int first = 0, second = 0; unsigned int number = 0; u8 small; result = ${expression};`;
    const outcome = value < 0 ? `expect ${value === -22 ? 'EINVAL' : 'ERANGE'}` : `expect returns ${value}`;
    expect(await told(driver('', { command }), `ioctl 0x101 ${outcome}`)).toEqual(holds);
  });
});

describe('structs in pages', () => {
  const head = 'struct slate_head *head = page_address(pages[0]);';

  test('are written whole and field by field', async () => {
    const set = `${head} *head = (struct slate_head){ .magic = 0x11, .name = "nam", .limit = 9 }; head->kind = 5; head->count++;`;
    const lines = [
      'expect u32(a) = 0x11',
      'expect u16(a+4) = 5',
      'read a+6 len 4',
      'expect "nam\\0"',
      'expect u32(a+12) = 1',
      'expect u32(a+16) = 9',
    ];
    expect(await told(driver(set), 'read a', ...lines)).toEqual(holds);
  });

  test('have what a program wrote to them', async () => {
    const code = driver(`${head} head->count = 3;`, { command: 'head->count++; result = head->count + head->limit;' });
    const lines = [
      'ioctl 0x101 expect returns 4',
      'write a+12 20',
      'write a+16 100',
      'ioctl 0x101 expect returns 121',
      'read a+12 expect value 21',
    ];
    expect(await told(code, ...lines)).toEqual(holds);
  });
});

describe('arrays of the driver', () => {
  test.each([
    ['static u8 bytes[2 * PAGE_SIZE];', 'sizeof(bytes)', 8192],
    ['static u32 words[PAGE_SIZE / sizeof(u32)];', 'ARRAY_SIZE(words)', 1024],
    ['static u8 bytes[2 * PAGE_SIZE];', '(memset(bytes, 0x5a, sizeof(bytes)), bytes[5000] + bytes[8191])', 0xb4],
    ['static struct page *got;', '(get_user_pages_fast(argument, 1, 0, &got), ((u8 *)page_address(got))[3] + 5)', 5],
    ['static u8 bytes[PAGE_SIZE];', '(memset(bytes + 16, 3, 4), bytes[15] + bytes[16] + bytes[19] + bytes[20])', 6],
  ])('%s %s is %i', async (globals, expression, value) => {
    const lines = ['n = mmap len 1p prot rw private anonymous', `ioctl 0x101 n expect returns ${value}`];
    expect(await told(driver('', { globals, command: `result = ${expression};` }), ...lines)).toEqual(holds);
  });
});

describe('second addresses', () => {
  test('vmap shows the pages, in both directions', async () => {
    const set = 'view = vmap(pages, 4, VM_MAP, PAGE_KERNEL); if (!view) return -ENOMEM; view[4096] = 0x21;';
    const command = 'view[2]++; ((u8 *)page_address(pages[0]))[2] += 3; result = view[2] + (vmalloc_to_page(view + 8192) == pages[2]);';
    const lines = ['read a+1p expect value 0x21', 'write a+2 5 len 1', 'ioctl 0x101 expect returns 10', 'read a+2 len 1 expect value 9'];
    expect(await told(driver(set, { command }), ...lines)).toEqual(holds);
  });

  test('ioremap and memremap of memory that was set aside hold what was written', async () => {
    const set = `
	void __iomem *registers;
	u32 *cached;

	if (!request_mem_region(0x8000000, 8192, "slate"))
		return -EBUSY;
	registers = ioremap(0x8000000, 8192);
	writel(0x55, registers + 8);
	cached = memremap(0x8000000, 8192, MEMREMAP_WB);
	cached[3] = 0x66;
	result = readl(registers + 8) + readl(registers + 12);`;
    expect(await told(driver(set), 'ioctl 0x101 expect returns 0xbb')).toEqual(holds);
  });
});

describe('whole pages', () => {
  test('are copied and cleared by address and by struct page', async () => {
    const set = `
	memset(page_address(pages[0]), 0x11, PAGE_SIZE);
	memset(page_address(pages[3]), 0x33, PAGE_SIZE);
	copy_page(page_address(pages[1]), page_address(pages[0]));
	copy_highpage(pages[2], pages[3]);
	clear_page(page_address(pages[0]));
	clear_highpage(pages[3]);`;
    const lines = ['expect value 0', 'expect value 0x11111111', 'expect value 0x33333333', 'expect value 0'];
    expect(await told(driver(set), ...lines.map((line, page) => `read a+${page}p+4092 ${line}`))).toEqual(holds);
  });
});

describe('several pages at once', () => {
  test('alloc_pages_bulk_array fills what is NULL', async () => {
    const set =
      'struct page *first = pages[0]; pages[1] = NULL; pages[3] = NULL; result = alloc_pages_bulk_array(GFP_KERNEL | __GFP_ZERO, 4, pages);';
    const command = 'result = result * 10 + (pages[1] && pages[1] != pages[0] && pages[3] && pages[3] != pages[1]);';
    expect(await told(driver(set, { command }), 'ioctl 0x101 expect returns 41', 'read a+1p', 'read a+3p')).toEqual(holds);
  });
});

describe('areas and windows', () => {
  const mapsBy = (call: string, set: string, globals = 'static void *area;') =>
    driver(set, { globals })
      .replace('vma->vm_ops = &slate_vm_ops;', '')
      .replace(/return 0;\n}\nstatic long/, `return ${call};\n}\nstatic long`);

  test.each([
    ['VM_MAP | VM_USERMAP', 'ok'],
    ['VM_MAP', 'EINVAL'],
  ])('remap_vmalloc_range of what vmap made with %s: %s', async (flags, outcome) => {
    const code = mapsBy('remap_vmalloc_range(vma, area, 0)', `area = vmap(pages, 4, ${flags}, PAGE_KERNEL);`);
    expect(await verdictOf(code, ['open rw', 'a = mmap len 4p prot rw shared', `expect a ${outcome}`])).toEqual(holds);
  });

  test.each([
    ['area = memremap(0x8000000, 8192, MEMREMAP_WB);', 'write-back'],
    ['area = memremap(0x8000000, 8192, MEMREMAP_WC);', 'write-combining'],
    ['area = memremap(0x8000000, 8192, MEMREMAP_WB); memunmap(area);', 'uncached-minus'],
  ])('%s: entries of the window are %s', async (set, type) => {
    const code = driver(`if (!request_mem_region(0x8000000, 8192, "slate")) return -EBUSY; ${set}`, { globals: 'static void *area;' })
      .replace('get_page(pages[vmf->pgoff]);', 'return vmf_insert_pfn(vmf->vma, vmf->address, 0x8000);')
      .replace('vma->vm_ops =', 'vm_flags_set(vma, VM_PFNMAP);\n\tvma->vm_ops =');
    const { steps } = await traceOf(code, { scenario: 'open rw\na = mmap len 1p prot r shared\nread a' });
    const changes = steps.flatMap((step) => step.changes);
    expect(changes.filter((change) => change.includes(`special, read-only, ${type}`))).toHaveLength(1);
  });
});

describe('collections', () => {
  test('arrays of pointers are copied', async () => {
    const set =
      'memcpy(copies, pages, sizeof(copies)); copies[0] = pages[3]; *(u32 *)page_address(copies[1]) = 0x31; pages[0] = copies[0]; pages[3] = copies[1];';
    expect(await told(driver(set), 'read a+1p expect value 0x31', 'read a+3p expect value 0x31')).toEqual(holds);
  });

  test('xa_for_each and idr_for_each_entry go over what was stored', async () => {
    const globals = 'static DEFINE_XARRAY(slate_xa);\nstatic struct idr slate_idr;';
    const set = `
	idr_init(&slate_idr);
	idr_alloc(&slate_idr, pages[1], 5, 0, GFP_KERNEL);
	idr_alloc(&slate_idr, pages[2], 5, 0, GFP_KERNEL);
	xa_store(&slate_xa, 40, pages[0], GFP_KERNEL);
	xa_store(&slate_xa, 7, pages[1], GFP_KERNEL);
	xa_cmpxchg(&slate_xa, 7, NULL, pages[3], GFP_KERNEL);
	xa_cmpxchg(&slate_xa, 9, NULL, pages[3], GFP_KERNEL);`;
    const command = `
	struct page *page;
	unsigned long at;
	int id;

	result = 0;
	xa_for_each(&slate_xa, at, page)
		result += at + (page == pages[3] ? 1000 : 0);
	idr_for_each_entry(&slate_idr, page, id)
		result += 10000 * id;`;
    expect(await told(driver(set, { globals, command }), `ioctl 0x101 expect returns ${7 + 9 + 40 + 1000 + 110000}`)).toEqual(holds);
  });

  test('rings of circ_buf.h count modulo their size', async () => {
    const command =
      'result = CIRC_CNT(1, 6, 8) + 10 * CIRC_SPACE(1, 6, 8) + 100 * CIRC_CNT_TO_END(1, 6, 8) + 1000 * CIRC_SPACE_TO_END(6, 4, 8);';
    expect(await told(driver('', { command }), 'ioctl 0x101 expect returns 2243')).toEqual(holds);
  });

  test('a folio knows its size', async () => {
    const command =
      'struct folio *folio = folio_alloc(GFP_KERNEL, 2); result = folio_nr_pages(folio) + folio_order(folio) + folio_size(folio);';
    expect(await told(driver('', { command }), `ioctl 0x101 expect returns ${4 + 2 + 16384}`)).toEqual(holds);
  });
});

describe('the current process', () => {
  const command = `
	switch (command) {
	case 0x101:
		owner = current->mm;
		leader = current;
		break;
	case 0x102:
		result = (owner == current->mm) + 2 * (leader == current) + 4 * (vma_of_it && vma_of_it->vm_mm == current->mm);
		break;
	case 0x103:
		result = task_pid_nr(current) == current->tgid ? current->pid : 0;
	}`;
  const globals = `static struct mm_struct *owner;\nstatic struct task_struct *leader;\nstatic struct vm_area_struct *vma_of_it;`;
  const code = driver('', { globals, command }).replace('vma->vm_ops = &slate_vm_ops;', 'vma->vm_ops = &slate_vm_ops;\n\tvma_of_it = vma;');

  test('is another one in a child', async () => {
    const lines = ['ioctl 0x101', 'ioctl 0x102 expect returns 7', 'fork child', 'in child: ioctl 0x102 expect returns 0'];
    expect(
      await told(code, ...lines, 'ioctl 0x102 expect returns 7', 'ioctl 0x103 expect returns 100', 'in child: ioctl 0x103 expect ok'),
    ).toEqual(holds);
  });
});

describe('lseek', () => {
  test.each([
    [
      'default_llseek',
      ['lseek 8 expect returns 8', 'lseek 4 cur expect returns 12', 'lseek 5 end expect returns 5', 'lseek 1 set expect returns 1'],
    ],
    ['noop_llseek', ['lseek 8 expect returns 0']],
    ['no_seek_end_llseek', ['lseek 8 expect returns 8', 'lseek 1 end expect EINVAL']],
    ['slate_llseek', ['lseek 16 expect returns 16', 'lseek 17 expect EINVAL', 'lseek 0 end expect returns 16']],
  ])('%s', async (name, lines) => {
    const own = `static loff_t slate_llseek(struct file *file, loff_t offset, int whence)\n{\n\treturn fixed_size_llseek(file, offset, whence, 16);\n}`;
    const code = driver('', { globals: own }).replace('.owner = THIS_MODULE,', `.owner = THIS_MODULE, .llseek = ${name},`);
    expect(await verdictOf(code, ['open rw', ...lines])).toEqual(holds);
  });
});

describe('device files', () => {
  const hooks = `
static unsigned long first, last;
static int asked, answer;
static int slate_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	first = start;
	last = end;
	return datasync ? answer : -EIO;
}
static int slate_fadvise(struct file *file, loff_t offset, loff_t length, int advice)
{
	asked += 10 * (offset >> 12) + (length >> 12) + 100 * advice;
	return -EIO;
}
static int slate_flush(struct file *file, fl_owner_t id)
{
	return answer;
}`;
  const table = '.fsync = slate_fsync, .fadvise = slate_fadvise, .flush = slate_flush, .owner = THIS_MODULE,';
  const command = 'if (command == 0x102) answer = -28; result = command == 0x103 ? asked : (first >> 12) * 100 + (last >> 12);';
  const hooked = (more = '') => driver('', { globals: hooks, command }).replace('.owner = THIS_MODULE,', `${table} ${more}`);

  test('hear of msync with their range, of MADV_WILLNEED, and of each close', async () => {
    const lines = [
      'msync a+1p len 2p sync',
      'ioctl 0x101 expect returns 102',
      'madvise a+2p len 1p willneed',
      'ioctl 0x103 expect returns 321',
    ];
    const answers = ['ioctl 0x102', 'msync a sync expect ENOSPC', 'close expect ENOSPC', 'read a', 'madvise a willneed'];
    expect(await told(hooked(), ...lines, ...answers)).toEqual(holds);
  });

  test('may know MAP_SYNC', async () => {
    const lines = ['open rw', 'a = mmap len 1p prot rw shared_validate sync', 'expect vmflags a has sf'];
    expect(await verdictOf(hooked('.fop_flags = FOP_MMAP_SYNC,'), lines)).toEqual(holds);
    expect(await verdictOf(hooked(), ['open rw', 'a = mmap len 1p prot rw shared_validate sync', 'expect a EOPNOTSUPP'])).toEqual(holds);
  });

  test('whose open failed hold no module', async () => {
    const globals = `static int slate_open(struct inode *inode, struct file *file)\n{\n\treturn -EACCES;\n}`;
    const exit = `static void __exit slate_exit(void)\n{\n\tmisc_deregister(&slate_device);\n}\nmodule_exit(slate_exit);\n`;
    const code = driver('', { globals }).replace('.owner = THIS_MODULE,', '.owner = THIS_MODULE, .open = slate_open,');
    expect(await verdictOf(`${code}\n${exit}`, ['open rw expect EACCES', 'rmmod'])).toEqual(holds);
  });

  test('refuse O_DIRECT, and are gone with their module', async () => {
    const code = `${driver('')}\nstatic void __exit slate_exit(void)\n{\n\tmisc_deregister(&slate_device);\n}\nmodule_exit(slate_exit);\n`;
    expect(await verdictOf(code, ['open rw direct expect EINVAL', 'rmmod', 'open rw expect ENOENT'])).toEqual(holds);
  });
});

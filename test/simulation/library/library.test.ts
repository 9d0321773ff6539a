/** The kernel's helpers that are written in C: all of them can be read, and what they leave behind a driver sees. */
import { describe, expect, it } from 'vitest';
import { kernelLibrary, libraryText } from '../../../server/src/simulation/library/library.ts';
import { traceOf } from '../support/simulate.ts';

const names = [...libraryText.matchAll(/^[a-z][\w *]*?\b(\w+)\([^;]*?\)\n\{/gm)].map(([, name = '']) => name);

describe('the library', () => {
  it('is plain C that the executor understands', () => {
    expect(names.length).toBeGreaterThan(150);
    const broken = names.filter((name) => {
      const definition = kernelLibrary().function(name)?.definition();
      return !definition || definition.problems.length > 0;
    });
    expect(broken).toEqual([]);
  });
});

/** A misc device with an ioctl of this body, which returns `result`. */
function driver(body: string, globals = ''): string {
  return `
${globals}
static long shelf_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	long result = 0;
	${body}
	return result;
}
static int shelf_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}
static const struct file_operations shelf_fops = { .owner = THIS_MODULE, .mmap = shelf_mmap, .unlocked_ioctl = shelf_ioctl };
static struct miscdevice shelf_device = { .minor = MISC_DYNAMIC_MINOR, .name = "shelf", .fops = &shelf_fops };
static int __init shelf_init(void)
{
	return misc_register(&shelf_device);
}
module_init(shelf_init);
`;
}

async function failuresOf(code: string, ...lines: readonly string[]) {
  const { verdict } = await traceOf(code, { scenario: ['open rw', ...lines].join('\n') });
  return { outcome: verdict.outcome, failed: verdict.failedExpectations };
}

const fine = { outcome: 'completed', failed: [] };

describe('a driver', () => {
  it('keeps a search tree in order, and takes nodes out of it', async () => {
    const globals = `
struct book { struct rb_node node; int number; };
static struct rb_root shelf_root = RB_ROOT;
static bool shelf_less(struct rb_node *left, const struct rb_node *right)
{
	return rb_entry(left, struct book, node)->number < rb_entry(right, struct book, node)->number;
}
static struct book shelf_books[5];`;
    const body = `
	static const int numbers[] = { 4, 2, 5, 1, 3 };
	struct rb_node *node;
	int i;

	for (i = 0; i < 5; i++) {
		shelf_books[i].number = numbers[i];
		rb_add(&shelf_books[i].node, &shelf_root, shelf_less);
	}
	rb_erase(&shelf_books[0].node, &shelf_root);
	rb_erase(&shelf_books[1].node, &shelf_root);
	for (node = rb_first(&shelf_root); node; node = rb_next(node))
		result = result * 10 + rb_entry(node, struct book, node)->number;`;
    expect(await failuresOf(driver(body, globals), 'ioctl 0x101 expect returns 135')).toEqual(fine);
  });

  it('has its work done when the system call that queued it is over, or when it waits for it', async () => {
    const globals = `
static int shelf_done;
static DECLARE_WAIT_QUEUE_HEAD(shelf_wait);
static void shelf_work_run(struct work_struct *work)
{
	shelf_done++;
}
static DECLARE_WORK(shelf_work, shelf_work_run);
static DECLARE_DELAYED_WORK(shelf_later, shelf_work_run);`;
    const body = `
	if (command == 0x101)
		return schedule_work(&shelf_work) + 10 * schedule_work(&shelf_work) + 100 * shelf_done;
	if (command == 0x102)
		return schedule_delayed_work(&shelf_later, 100) + 10 * delayed_work_pending(&shelf_later);
	if (command == 0x103)
		return cancel_delayed_work_sync(&shelf_later);
	if (command == 0x104)
		return wait_event_timeout(shelf_wait, shelf_done > 1, argument) ? 1 : 0;
	if (command == 0x105)
		wait_event(shelf_wait, shelf_done > 9);
	result = shelf_done;`;
    const lines = [
      'ioctl 0x101 expect returns 1',
      'ioctl 0x109 expect returns 1',
      'ioctl 0x102 expect returns 11',
      'ioctl 0x104 99 expect returns 0',
      'ioctl 0x109 expect returns 1',
      'ioctl 0x104 100 expect returns 1',
      'ioctl 0x103 expect returns 0',
      'ioctl 0x105 expect hang',
    ];
    expect(await failuresOf(driver(body, globals), ...lines)).toEqual(fine);
  });

  it('takes text apart and counts bits as the kernel does', async () => {
    const body = `
	DECLARE_BITMAP(map, 100);
	char text[] = "a,,bc";
	char *rest = text, *word;
	unsigned int bit;

	bitmap_zero(map, 100);
	while ((word = strsep(&rest, ",")) != NULL)
		bitmap_set(map, 60 + 3 * strlen(word), 2);
	for_each_set_bit(bit, map, 100)
		result = result * 100 + bit;
	if (command == 0x101)
		result /= 1000000;
	if (command == 0x103)
		result %= 1000000;
	if (command == 0x102)
		result = bitmap_find_next_zero_area(map, 100, 60, 1, 1);`;
    expect(
      await failuresOf(
        driver(body),
        'ioctl 0x101 expect returns 606163',
        'ioctl 0x103 expect returns 646667',
        'ioctl 0x102 expect returns 62',
      ),
    ).toEqual(fine);
  });
});

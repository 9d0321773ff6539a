/** A driver that waits: who is due meanwhile runs, in its order, and what a macro sets needs no value before. */
import { expect, test } from 'vitest';
import { traceOf } from './support/simulate.ts';

function driver(globals: string, ioctl: string): string {
  return `
#include <linux/miscdevice.h>
#include <linux/module.h>
${globals}
static long own_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	${ioctl}
}
static int own_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static const struct file_operations own_fops = { .owner = THIS_MODULE, .unlocked_ioctl = own_ioctl, .mmap = own_mmap };
static struct miscdevice own = { .minor = MISC_DYNAMIC_MINOR, .name = "own", .fops = &own_fops };
module_misc_device(own);
`;
}

async function answerOf(globals: string, ioctl: string, argument = '0'): Promise<string | undefined> {
  const trace = await traceOf(driver(globals, ioctl), { scenario: `open rw\nioctl 0x101 ${argument} expect any\n` });
  return trace.steps.findLast(({ title }) => title.startsWith('ioctl(2) returns'))?.title;
}

const timers = `
static int order;
static void first_fires(struct timer_list *timer) { order = order * 10 + 1; }
static void second_fires(struct timer_list *timer) { order = order * 10 + 2; }
static DEFINE_TIMER(first, first_fires);
static DEFINE_TIMER(second, second_fires);`;

test('timers run while somebody sleeps, the one that is due first before the other', async () => {
  const arm = 'mod_timer(&first, jiffies + HZ / 10);\n\tmod_timer(&second, jiffies + HZ / 50);\n\t';
  expect(await answerOf(timers, `${arm}msleep(200);\n\treturn order;`)).toBe('ioctl(2) returns 21');
  expect(await answerOf(timers, `${arm}msleep(40);\n\treturn order;`)).toBe('ioctl(2) returns 2');
});

test('jiffies pass with a sleep', async () => {
  expect(await answerOf('', 'unsigned long before = jiffies;\n\tmsleep(40);\n\treturn jiffies - before;')).toBe('ioctl(2) returns 10');
});

test('a store by release is seen by a load by acquire', async () => {
  const body = 'smp_store_release(&word, 5);\n\treturn smp_load_acquire(&word) + word;';
  expect(await answerOf('static unsigned int word;', body)).toBe('ioctl(2) returns 10');
});

test('a number that get_user sets is not guessed before', async () => {
  const body = 'int value;\n\tif (get_user(value, (int __user *)argument))\n\t\treturn -EFAULT;\n\treturn value;';
  const trace = await traceOf(driver('', body), { scenario: 'open rw\nioctl 0x101 { u32 6 }\n' });
  expect(trace.steps.findLast(({ title }) => title.startsWith('ioctl(2) returns'))?.title).toMatch(/^ioctl\(2\) returns 6;/);
  expect(trace.assumptions.map(({ name }) => name)).not.toContain('value');
});

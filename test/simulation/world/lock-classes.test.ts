/** Orders of locks as lockdep sees them: by class, over several locks, and only where the kernel has it. */
import { expect, test } from 'vitest';
import { traceOf } from '../support/simulate.ts';

/** A driver with two locks in each open file; `ioctl` holds a function's body, `handler` what its mmap handler does under the mmap lock. */
const driverWith = (ioctl: string, handler: string) => `#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/miscdevice.h>

struct pair {
	struct mutex inner;
	struct mutex outer;
	int value;
};

static struct pair *first;

static int pair_open(struct inode *inode, struct file *file)
{
	struct pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL);

	if (!pair)
		return -ENOMEM;
	mutex_init(&pair->inner);
	mutex_init(&pair->outer);
	if (!first)
		first = pair;
	file->private_data = pair;
	return 0;
}

static long pair_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pair *pair = file->private_data;
	long left = 0;

${ioctl}
	return left ? -EFAULT : 0;
}

static int pair_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct pair *pair = file->private_data;

${handler}
	return 0;
}

static const struct file_operations pair_fops = {
	.owner = THIS_MODULE,
	.open = pair_open,
	.unlocked_ioctl = pair_ioctl,
	.mmap = pair_mmap,
};
static struct miscdevice pair_dev = { .minor = MISC_DYNAMIC_MINOR, .name = "pair", .fops = &pair_fops };
module_misc_device(pair_dev);
MODULE_LICENSE("GPL");
`;

const innerInMmap = '\tmutex_lock(&pair->inner);\n\tpair->value++;\n\tmutex_unlock(&pair->inner);';
const copyUnder = (first: string) =>
  `\tmutex_lock(&${first});\n\tleft = copy_to_user((void __user *)arg, &pair->value, sizeof(pair->value));\n\tmutex_unlock(&${first});`;
const both = (first: string, second: string) =>
  `\tmutex_lock(&${first});\n\tmutex_lock(&${second});\n\tpair->value++;\n\tmutex_unlock(&${second});\n\tmutex_unlock(&${first});`;

const scenario = 'open rw\na = mmap len 1p off 0 prot rw shared\nioctl 1 { u32 0 }\n';
const lockdep = { CONFIG_PROVE_LOCKING: 'y' };

/** The problems of the scenario, each with what the kernel prints. */
async function problemsOf(text: string, config: Readonly<Record<string, string>> = {}, statements = scenario): Promise<readonly string[]> {
  const { steps } = await traceOf(text, { handler: 'pair_mmap', scenario: statements, config });
  return steps.flatMap(({ problems }) =>
    problems.map(({ kind, kernelLine }) => `${kind}${kernelLine === undefined ? '' : `: ${kernelLine}`}`),
  );
}

test('an order may go over a lock between', async () => {
  // Under the mmap lock inner is taken, under inner outer, and under outer the mmap lock may be.
  const text = driverWith(`${both('pair->inner', 'pair->outer')}\n${copyUnder('pair->outer')}`, innerInMmap);
  expect(await problemsOf(text)).toEqual(['deadlock']);
  expect(await problemsOf(text, lockdep)).toEqual(['deadlock: WARNING: possible circular locking dependency detected']);
});

test('locks that one call sets up are of one class', async () => {
  // The mmap handler takes the lock of its own file, the ioctl that of the first one that was opened.
  const text = driverWith(copyUnder('first->inner'), innerInMmap);
  const twice = 'f = open rw\ng = open rw\na = mmap len 1p off 0 prot rw shared of g\nioctl 1 { u32 0 } of f\n';
  expect(await problemsOf(text, {}, twice)).toEqual(['deadlock']);
});

test('what no mapping has a part in is told by a kernel with lockdep alone', async () => {
  const text = driverWith(`${both('pair->inner', 'pair->outer')}\n${both('pair->outer', 'pair->inner')}`, '');
  expect(await problemsOf(text)).toEqual([]);
  expect(await problemsOf(text, { CONFIG_LOCKDEP: 'n' })).toEqual([]);
  expect(await problemsOf(text, lockdep)).toEqual(['deadlock: WARNING: possible circular locking dependency detected']);
});

test('a lock of the same class is no trouble when the call says so', async () => {
  const nested = (call: string) =>
    driverWith(`\tmutex_lock(&first->inner);\n\t${call}\n\tmutex_unlock(&pair->inner);\n\tmutex_unlock(&first->inner);`, '');
  const second = 'f = open rw\ng = open rw\nioctl 1 of g\n';
  expect(await problemsOf(nested('mutex_lock(&pair->inner);'), lockdep, second)).toEqual([
    'deadlock: WARNING: possible recursive locking detected',
  ]);
  expect(await problemsOf(nested('mutex_lock_nested(&pair->inner, 1);'), lockdep, second)).toEqual([]);
});

/** What the texts of functions tell of calls before any body is parsed: more than there is, never less. */
import { describe, expect, it } from 'vitest';

import { driverOf } from '../support/driver.ts';

const text = `
static void put_back(void *buffer)
{
	kfree(buffer);
}
static long box_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	put_back(file->private_data);
	return 0;
}
static int box_open(struct file *file)
{
	/* what put_back() frees */
	return 0;
}
static int box_mmap(struct file *file, struct vm_area_struct *vma)
{
	return kfreed;
}
`;

describe('the texts of functions', () => {
  it('name whole words', async () => {
    expect((await driverOf(text)).text.functionsNaming(['kfree'])).toEqual(['put_back']);
  });

  it('lead to a name through functions, and through comments too', async () => {
    const near = (await driverOf(text)).text.functionsReaching(['kfree']);
    expect([...near].sort()).toEqual(['box_ioctl', 'box_open', 'put_back']);
  });

  it('lead nowhere where nobody names it', async () => {
    expect((await driverOf(text)).text.functionsReaching(['vfree']).size).toBe(0);
  });
});

/** From a wish to a trace: the kernel that a scenario names is the one that the driver is read for. */
import { expect, it } from 'vitest';
import { simulateDocument } from '../../server/src/ide/simulate.ts';
import { openText } from '../support/check-text.ts';

const driver = `
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return -EBUSY;
#else
	return -EPERM;
#endif
}
static const struct file_operations card_fops = { .mmap = card_mmap };
`;

it.each([
  ['', '6.12', 'EBUSY', false],
  ['kernel 6.1\n', '6.1', 'EPERM', false],
  ['kernel 6.1\n', '6.12', 'EBUSY', true],
])('%j runs on %s', async (line, kernel, error, targetWins) => {
  const document = await openText({ text: driver });
  const scenario = `${line}open rw\na = mmap len 1p prot r shared expect ${error}\n`;
  const result = simulateDocument(document, { scenario, targetWins });
  expect(result).toMatchObject({ kind: 'trace', trace: { kernel, verdict: { outcome: 'completed' } } });
});

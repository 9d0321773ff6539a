/** Long lists of a story: what is told one by one, what is told in one line, and what is never left out. */
import { expect, test } from 'vitest';
import { foldChanges, sortAssumptions } from '../../server/src/simulation/fold.ts';
import { driverWith } from './support/drivers.ts';
import { textAt, traceOf } from './support/simulate.ts';

const element = (index: number, value = '0') => ({ name: `dev->ring[${index}].busy`, value, reason: 'nothing tells what it means' });

test('assumptions that differ in an index are one line', () => {
  const { others } = sortAssumptions([
    element(0),
    { name: 'dev->size', value: '16', reason: 'a count' },
    element(1),
    element(2),
    element(3),
  ]);
  expect(others.map(({ name, value }) => `${name} = ${value}`)).toEqual(['dev->ring[0].busy … dev->ring[3].busy = 0', 'dev->size = 16']);
});

test('two of them are told one by one, and of different values both ends', () => {
  expect(sortAssumptions([element(0), element(1)]).others).toHaveLength(2);
  expect(sortAssumptions([element(0, '1'), element(1, '2'), element(2, '4')]).others[0]?.value).toBe('1 … 4');
});

test('pointers, constants and results of unknown functions are a line each kind', () => {
  const { lines, others } = sortAssumptions([
    { name: 'dev', value: 'not NULL', reason: 'nothing tells where it points' },
    { name: 'DEV_MAX', value: '4', reason: 'a constant of a header that is not at hand' },
    { name: 'dev_find()', value: 'not NULL', reason: 'the function is defined elsewhere' },
    { name: 'dev_check()', value: '0', reason: 'the function is defined elsewhere' },
    { name: 'DEV_MIN', value: '2', reason: 'a constant of a header that is not at hand' },
  ]);
  expect(lines).toEqual([
    'not NULL: dev, dev_find()',
    'constants of headers that are not at hand: DEV_MAX = 4, DEV_MIN = 2',
    'what functions that are defined elsewhere return: dev_check() = 0',
  ]);
  expect(others).toEqual([]);
});

test('of many changes of ptes and pages most are left out, of the others none', () => {
  const ptes = Array.from({ length: 40 }, (_, index) => `the pte at 0x${index} is cleared in program by exit_mmap`);
  const lines = foldChanges([...ptes, 'vma a is removed by exit', 'program is gone']);
  expect(lines.slice(-3)).toEqual(['and 28 more of this kind', 'vma a is removed by exit', 'program is gone']);
  expect(foldChanges(ptes.slice(0, 13))).toHaveLength(13);
});

test('the end of a process is told to its end, however many pages it has', async () => {
  const trace = await traceOf(
    driverWith(
      `vm_flags_set(vma, VM_DONTEXPAND);
	for (unsigned long at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE) {
		int err = vm_insert_page(vma, at, alloc_page(GFP_KERNEL));

		if (err)
			return err;
	}
	return 0;`,
    ),
    { scenario: 'open rw\na = mmap len 32p prot rw shared\nexit\n' },
  );
  expect(textAt(trace, 3)).toMatch(/vma a .* is removed by exit\n(?:.*\n)*the last reference to .* is gone/);
});

test('a vma that fork leaves out is said', async () => {
  const trace = await traceOf(driverWith('vm_flags_set(vma, VM_DONTCOPY);\n\treturn 0;'), {
    scenario: 'open rw\na = mmap len 1p prot rw shared\nfork child\n',
  });
  expect(textAt(trace, 3)).toContain('vma a is left out of child, because it has VM_DONTCOPY');
});

/** The matrix over kernels: cells, the first difference of neighbours and its rule, and the table for a terminal. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../server/src/kernel/version.ts';
import type { Matrix } from '../../server/src/protocol/matrix.ts';
import { matrixOf, sharedScenario } from '../../server/src/simulation/matrix.ts';
import { turningPoints } from '../../server/src/simulation/matrix-rules.ts';
import { formatMatrix } from '../../server/src/simulation/matrix-text.ts';
import { faultDriver, remapDriver } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');
const example = (name: string) => readFileSync(path.join(examples, name), 'utf8');

async function matrix(driver: string, kernels: readonly string[], scenario?: string): Promise<Matrix> {
  const first = await Promise.all(kernels.map((kernel) => traceOf(driver, { kernel, ...(scenario === undefined ? {} : { scenario }) })));
  const text = scenario ?? sharedScenario(first);
  const made = matrixOf(await Promise.all(kernels.map((kernel) => traceOf(driver, { kernel, scenario: text }))));
  if (!made) throw new Error('there is no matrix of no kernels');
  return made;
}

/** The cells of the row of a statement. */
const row = (made: Matrix, statement: string) => made.rows.find((each) => each.statement === statement)?.cells;

describe('a driver of the time of 2.4', () => {
  const kernels = ['2.4', '2.6.10', '2.6.15'];
  const story = () => example('history/scanner-story.mmapsim').replace(/^kernel .*\n/m, '');

  test('does something else on each of three kernels', async () => {
    const made = await matrix(example('history/scanner.c'), kernels, story());
    expect(made.kernels).toEqual(kernels);
    expect(row(made, 'read a')).toEqual(['0x0', '0x0', '0x53535353']);
    expect(row(made, 'read a by direct')).toEqual(['0x0', 'EFAULT', 'EFAULT']);
    expect(row(made, 'mremap a len 2p maymove')).toEqual(['ok', 'ok', 'EFAULT']);
    expect(row(made, 'expect count mmap = 1')).toEqual(['holds', 'holds', 'holds']);
  });

  test('is told where neighbours part, and by which rule', async () => {
    const { differences } = await matrix(example('history/scanner.c'), kernels, story());
    expect(differences.map(({ from, to, at }) => [from, to, at?.statement, at?.rule?.since, at?.rule?.number])).toEqual([
      ['2.4', '2.6.10', 'a = mmap len 1p prot r shared', '2.6.10', undefined],
      ['2.6.10', '2.6.15', 'a = mmap len 1p prot r shared', '2.6.15-rc1', 'S4.5'],
    ]);
    expect(differences[1]?.at?.was).toMatch(/left out/);
    expect(differences[1]?.at?.is).toMatch(/maps? pfn/);
  });

  test('stops where its calls are gone, and the others go on', async () => {
    const made = await matrix(example('history/scanner.c'), ['2.6.15', '6.12'], story());
    expect(made.verdicts.map(({ outcome }) => outcome)).toEqual(['completed', 'stopped']);
    expect(made.verdicts[1]?.summary).toContain('VM_RESERVED is not defined in Linux 6.12');
    expect(row(made, 'read a')?.[1]).toBe('–');
  });
});

describe('a driver of today', () => {
  test('does the same on kernels that lack the same call, and parts from the others by that call alone', async () => {
    const { differences } = await matrix(example('framebuffer-card.c'), ['2.4', '2.6.10', '3.6', '4.4']);
    expect(differences.map(({ at }) => [at?.rule?.since, at?.was])).toEqual([
      [undefined, undefined],
      [undefined, expect.stringMatching(/^the simulation stops: pgprot_writecombine\(\) does not exist in Linux 2\.6\.10/)],
      ['3.7', expect.stringContaining('VM_RESERVED')],
    ]);
  });

  test('differs by the rules that the versions brought', async () => {
    const half = `
static int half_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, 0xfd000, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations half_fops = { .mmap = half_mmap };
`;
    const scenario = 'open rw\na = mmap len 2p prot r shared\nread a+1p expect any\n';
    const made = await matrix(half, ['4.0', '4.4', '4.17', '4.18'], scenario);
    expect(row(made, 'read a+1p')?.[0]).toBe('0x0');
    expect(row(made, 'read a+1p')?.slice(1)).toEqual(['SIGBUS', 'SIGBUS', 'SIGBUS']);
    expect(made.differences[0]?.at).toMatchObject({ isSeen: true, statement: 'read a+1p', rule: { since: '4.2', number: 'S4.3' } });
  });

  test('is told when kernels do the same', async () => {
    const made = await matrix(faultDriver, ['6.12', '6.13'], 'open rw\na = mmap len 1p prot r shared\nread a\n');
    expect(made.differences).toEqual([{ from: '6.12', to: '6.13' }]);
    expect(formatMatrix(made)).toContain('No difference: 6.12 and 6.13.');
  });
});

describe('the scenario that kernels share', () => {
  test('is that of the newest kernel, without what came of it', async () => {
    const text = sharedScenario([await traceOf(remapDriver, { kernel: '6.12' }), await traceOf(remapDriver, { kernel: '6.1' })]);
    expect(text).toContain('mremap a len 17p maymove\n');
    expect(text).not.toMatch(/^kernel/m);
    expect(text).not.toMatch(/expect (?!any)/);
    expect(text).toMatch(/^in child: read a expect any$/m);
  });

  test('is not that of a kernel on which nothing runs', async () => {
    const old = example('history/dac.c');
    const text = sharedScenario([await traceOf(old, { kernel: '2.6.9' }), await traceOf(old, { kernel: '6.12' })]);
    expect(text).toContain('fork child');
  });
});

test('the table keeps to the width, and kernels that do the same stand in one column', async () => {
  const made = await matrix(remapDriver, ['4.20', '5.4', '6.1', '6.12', '7.1']);
  const text = formatMatrix(made, { width: 80 });
  expect(text.split('\n')[0]).toBe('test_mmap (file_operations.mmap) in test.c on 5 kernels');
  expect(text.split('\n').filter((line) => line.length > 80 && !line.includes('`'))).toEqual([]);
  const heads = text.split('\n')[2] ?? '';
  expect(heads).toMatch(/…|\d \d/);
});

test('the turning points stand in the order of their versions where they could be taken for each other', () => {
  const holes = turningPoints.filter(({ newer }) => newer?.source === 'SIGBUS');
  expect(
    holes.map(({ since }) => since).every((since, index, all) => index === 0 || compareVersions(all[index - 1] ?? since, since) < 0),
  ).toBe(true);
  for (const { older, newer } of turningPoints) expect(older ?? newer).toBeDefined();
});

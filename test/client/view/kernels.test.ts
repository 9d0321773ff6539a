/** The columns of the matrix, and the list of kernels that users are offered. */
import { describe, expect, it } from 'vitest';
import { kernelColumns, kernelsIn } from '../../../client/view/src/kernels.ts';
import { compareVersions, formatVersion, newestKernel, parseVersion } from '../../../server/src/kernel/version.ts';
import { offeredKernels } from '../../../server/src/protocol/kernels.ts';
import type { Matrix } from '../../../server/src/protocol/matrix.ts';

const verdict = (outcome: Matrix['verdicts'][number]['outcome']) => ({ outcome, summary: 'It is so.' });
const matrix: Matrix = {
  file: '/a.c',
  handler: { function: 'foo_mmap', kind: 'mmap', slot: 'file_operations.mmap' },
  scenario: 'open rw\n',
  kernels: ['2.4', '2.6.15', '4.4', '6.1', '6.12'],
  rows: [
    { line: 1, statement: 'open rw', cells: ['ok', 'ok', 'ok', 'ok', 'ok'] },
    { line: 2, statement: 'read a', cells: ['0x0', 'SIGBUS', 'SIGBUS', 'SIGBUS', '0x0'] },
  ],
  verdicts: [verdict('completed'), verdict('completed'), verdict('completed'), verdict('problem'), verdict('completed')],
  differences: [],
};

describe('kernelColumns', () => {
  it('joins neighbours that are alike in every cell and in the outcome, and no others', () => {
    expect(kernelColumns(matrix)).toEqual([
      { kernels: ['2.4'], first: 0, title: '2.4' },
      { kernels: ['2.6.15', '4.4'], first: 1, title: '2.6.15 … 4.4' },
      { kernels: ['6.1'], first: 3, title: '6.1' },
      { kernels: ['6.12'], first: 4, title: '6.12' },
    ]);
  });
});

describe('kernelsIn', () => {
  it('reads what users write', () => {
    expect(kernelsIn(' 6.1, 6.12 7.1,,6.1 ')).toEqual(['6.1', '6.12', '7.1']);
    expect(kernelsIn(' ')).toEqual([]);
  });
});

describe('the offered kernels', () => {
  it('are versions from old to new, up to the newest that is modelled', () => {
    const versions = offeredKernels.map((text) => parseVersion(text));
    versions.forEach((version, index) => {
      const next = versions[index + 1];
      expect(version).toBeDefined();
      if (version && next) expect(compareVersions(version, next)).toBeLessThan(0);
    });
    expect(offeredKernels.at(-1)).toBe(formatVersion(newestKernel));
  });
});

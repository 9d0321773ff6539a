/** Columns of a matrix: neighbours with equal cells share one. Computed without a document. */
import type { Matrix } from '../../../server/src/protocol/matrix.ts';

/** One or more neighbouring kernels on which every statement ends alike. */
export interface KernelColumn {
  readonly kernels: readonly string[];
  /** Index of the first of them among all kernels. */
  readonly first: number;
  /** `6.1`, or `4.4 … 7.1`. */
  readonly title: string;
}

/** The columns of the matrix from left to right. */
export function kernelColumns(matrix: Matrix): readonly KernelColumn[] {
  const columns: { kernels: string[]; first: number }[] = [];
  matrix.kernels.forEach((kernel, index) => {
    const last = columns.at(-1);
    if (last && isSame(matrix, last.first, index)) last.kernels.push(kernel);
    else columns.push({ kernels: [kernel], first: index });
  });
  return columns.map(({ kernels, first }) => {
    const [from, to] = [kernels[0] ?? '', kernels.at(-1) ?? ''];
    return { kernels, first, title: from === to ? from : `${from} … ${to}` };
  });
}

function isSame(matrix: Matrix, left: number, right: number): boolean {
  const outcome = matrix.verdicts[left]?.outcome === matrix.verdicts[right]?.outcome;
  return outcome && matrix.rows.every(({ cells }) => cells[left] === cells[right]);
}

/** Versions in a line that a user writes: `6.1, 6.12 7.1`. */
export const kernelsIn = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];

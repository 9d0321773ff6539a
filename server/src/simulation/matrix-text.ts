/** A matrix over kernels as text for a terminal. Kernels that do the same stand in one column. Reads the matrix and nothing else. */
import type { Matrix, MatrixDifference } from '../protocol/matrix.ts';
import { outcomeWords, wrapped } from './story.ts';

export interface MatrixOptions {
  /** Columns of the terminal. */
  readonly width: number;
}

/** The table, the verdicts, and where neighbours begin to differ. */
export function formatMatrix(matrix: Matrix, { width }: MatrixOptions = { width: 100 }): string {
  const { handler, file } = matrix;
  const lines = [
    `${handler.function} (${handler.slot}) in ${file.slice(file.lastIndexOf('/') + 1)} on ${matrix.kernels.length} kernels`,
    '',
    ...table(matrix, width),
    '',
    ...verdictLines(matrix, width),
    '',
    ...differenceLines(matrix, width),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Neighbouring kernels whose cells and verdicts are the same. */
interface Column {
  readonly heads: readonly string[];
  readonly cells: readonly string[];
}

function columnsOf(matrix: Matrix): readonly Column[] {
  const columns: { heads: string[]; cells: readonly string[] }[] = [];
  for (const [index, kernel] of matrix.kernels.entries()) {
    const cells = [...matrix.rows.map((row) => row.cells[index] ?? ''), matrix.verdicts[index]?.outcome ?? ''];
    const last = columns.at(-1);
    if (last?.cells.every((cell, row) => cell === cells[row])) last.heads.push(kernel);
    else columns.push({ heads: [kernel], cells });
  }
  return columns;
}

/** `2.6.15 … 4.4`. */
function headOf({ heads }: Column): string {
  const [first = '', last = ''] = [heads[0], heads.at(-1)];
  return heads.length === 1 ? first : heads.length === 2 ? `${first} ${last}` : `${first} … ${last}`;
}

const gap = 2;
/** Characters of a statement that are shown. */
const statementWidth = 40;

function table(matrix: Matrix, width: number): readonly string[] {
  const statements = matrix.rows.map(({ statement }) =>
    statement.length > statementWidth ? `${statement.slice(0, statementWidth - 1)}…` : statement,
  );
  const first = Math.max(0, ...statements.map((statement) => statement.length)) + gap;
  const lines: string[] = [];
  for (const block of blocksOf(columnsOf(matrix), width - first)) {
    const row = (head: string, cell: (column: Column) => string) =>
      (head.padEnd(first) + block.map((column) => cell(column).padEnd(widthOf(column))).join('')).trimEnd();
    if (lines.length > 0) lines.push('');
    lines.push(row('', headOf));
    for (const [index, statement] of statements.entries()) lines.push(row(statement, ({ cells }) => cells[index] ?? ''));
  }
  return lines;
}

function widthOf(column: Column): number {
  return Math.max(headOf(column).length, ...column.cells.slice(0, -1).map((cell) => cell.length)) + gap;
}

/** Columns side by side as far as the terminal is wide. */
function blocksOf(columns: readonly Column[], width: number): readonly (readonly Column[])[] {
  const blocks: Column[][] = [];
  let room = 0;
  for (const column of columns) {
    const needed = widthOf(column);
    const last = blocks.at(-1);
    if (last && room >= needed) last.push(column);
    else {
      blocks.push([column]);
      room = width;
    }
    room -= needed;
  }
  return blocks;
}

/** Kernels with the same verdict together. */
function verdictLines({ kernels, verdicts }: Matrix, width: number): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [index, { outcome, summary }] of verdicts.entries()) {
    const text = `${outcomeWords[outcome]}: ${summary}`;
    groups.set(text, [...(groups.get(text) ?? []), kernels[index] ?? '']);
  }
  return [...groups].flatMap(([text, of]) => wrapped(`${of.join(', ')}: ${text}`, width, '', '  '));
}

function differenceLines({ differences }: Matrix, width: number): readonly string[] {
  const same = differences.filter(({ at }) => at === undefined).map(({ from, to }) => `${from} and ${to}`);
  const lines = differences.flatMap((each) => oneDifference(each, width));
  return same.length === 0 ? lines : [...lines, ...wrapped(`No difference: ${same.join(', ')}.`, width, '', '  ')];
}

function oneDifference({ from, to, at }: MatrixDifference, width: number): readonly string[] {
  if (!at) return [];
  const where = `${from} and ${to} differ first at \`${at.statement}\`${at.isSeen ? '' : ', which the program does not see'}.`;
  const rule = at.rule ? ` ${at.rule.says} (since ${at.rule.since}${at.rule.number === undefined ? '' : `, ${at.rule.number}`})` : '';
  return [
    ...wrapped(where + rule, width, '', '  '),
    ...wrapped(`${from}: ${at.was}`, width, '  ', '    '),
    ...wrapped(`${to}: ${at.is}`, width, '  ', '    '),
  ];
}

/** How new text is laid out in the kernel's style: lines of 100 columns, tabs of 8, arguments below the parenthesis of their call. */
import type { Driver } from '../../../driver/model.ts';
import type { Place } from '../../rule.ts';

const widest = 100;
const tab = 8;

/** Whether a line, given without its break, is too long. */
export function isTooLong(line: string): boolean {
  return columnsOf(line) > widest;
}

/** Columns that a text takes at the begin of a line. */
function columnsOf(text: string): number {
  return [...text].reduce((column, each) => (each === '\t' ? column + tab - (column % tab) : column + 1), 0);
}

/** An argument of the call at `call` in the place of another: on a line of its own where the line would be too long. */
export function argumentLaidOut(driver: Driver, place: Place, call: Place, newText: string): Place & { readonly newText: string } {
  const { start, text } = driver.text.lines(place);
  const before = text.slice(0, place.span.start - start);
  const line = `${before}${newText}${text.slice(place.span.end - start)}`.trimEnd();
  const { start: first, text: own } = driver.text.lines(call);
  const open = own.indexOf('(', call.span.end - first);
  if (!isTooLong(line) || open < 0 || before.trim() === '') return { ...place, newText };
  const column = columnsOf(own.slice(0, open + 1));
  const indent = '\t'.repeat(Math.floor(column / tab)) + ' '.repeat(column % tab);
  const gap = before.length - before.trimEnd().length;
  return { file: place.file, span: { start: place.span.start - gap, end: place.span.end }, newText: `\n${indent}${newText}` };
}

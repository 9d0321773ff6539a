/** `mmap-narrow-type`: the length or offset of a vma is kept in a variable that is too small for it. */

import { acceptedWith } from '../analysis/accepted-calls.ts';
import type { EntryAnalysis } from '../analysis/path.ts';
import { computed, lengthOf } from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import { unsignedLong } from '../execution/ctype.ts';
import { constant, type Term } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Expression, Span, TypeName } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { isBoundedByVmaAlone, isCountedInFull } from './support/bounds/loops.ts';
import { callsWithoutBounds } from './support/bounds/unchecked-calls.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { lengthArgument } from './support/mapping-calls.ts';
import type { PathCall } from './support/path-calls.ts';
import { wrappingLength } from './support/questions.ts';
import { reportIn, reportOn } from './support/reports.ts';
import { type FunctionUses, usesIn } from './support/text/uses.ts';
import { witnessOf } from './support/witness.ts';

const length = 'The length of a mapping';
/** Pages. What 32 bits can count in bytes. */
const countable = 1n << 20n;

/** Types of 32 bits and less. */
const narrow: ReadonlySet<string> = new Set([
  'int',
  'unsigned int',
  'unsigned',
  'u32',
  's32',
  '__u32',
  '__s32',
  'uint32_t',
  'int32_t',
  'short',
  'unsigned short',
  'u16',
]);

export const mmapNarrowType: Rule = {
  name: 'mmap-narrow-type',
  severity: 'warning',
  summary: 'The length or the offset of a mapping is kept in 32 bits.',
  provedBy: ['expected'],
  check(context) {
    const declared = tooSmall(context);
    const functions = new Set(declared.map((report) => report.function));
    return [...declared, ...cutOff(context, functions)];
  },
};

/** Variables of 32 bits that are given the length or the offset. */
function tooSmall({ driver, entries }: RuleContext): readonly Report[] {
  return usesIn(driver, /\bvm_(?:end|pgoff)\b/).flatMap((uses) => {
    const reports: Report[] = [];
    const judge = (name: string, type: TypeName | undefined, value: Expression, place: Expression['span']): void => {
      const what = type?.kind === 'named' && narrow.has(type.name) ? quantityOf(value) : undefined;
      if (what === undefined || type?.kind !== 'named') return;
      reports.push(
        reportIn(
          uses,
          place,
          `${what} may be 4 GiB and more, and \`${name}\` is of type ${type.name}: what is checked is not what is mapped. Use unsigned long.`,
          {
            fixes: widening(driver, uses, name),
            ...accepting(entries, uses.function.name, what === length ? 'pages' : 'pgoff'),
          },
        ),
      );
    };
    walkBlock(uses.function.body, {
      statement: (statement) => {
        if (statement.kind !== 'declaration') return;
        for (const { name, nameSpan, type, initializer } of statement.declarators)
          if (initializer?.kind === 'expression') judge(name, type, initializer.expression, nameSpan);
      },
      expression: (each) => {
        if (each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'name')
          judge(each.target.name, uses.typeOf(each.target.name), each.value, each.target.span);
      },
    });
    return reports;
  });
}

/** The mmap handler that runs the function, and a call of more than 32 bits of bytes that it accepts. */
function accepting(entries: readonly EntryAnalysis[], name: string, number: 'pages' | 'pgoff'): Partial<Report> {
  const entry = entries.find((each) => each.entry.handler?.kind === 'mmap' && runs(each, name));
  const beyond = entry?.symbols[number]?.term;
  if (!entry || !beyond) return {};
  const other = entry.symbols[number === 'pages' ? 'pgoff' : 'pages']?.term;
  const is = (term: Term | undefined, value: bigint) => (term ? [computed(compare('eq', unsignedLong, term, constant(value)))] : []);
  // What reads best first.
  const accepted =
    acceptedWith(entry, [...is(beyond, countable + 1n), ...is(other, number === 'pages' ? 0n : 1n)]) ??
    acceptedWith(entry, [computed(compare('lt', unsignedLong, constant(countable), beyond))]);
  const event = accepted?.path.events.at(-1);
  const witness =
    accepted && event
      ? witnessOf({ entry, path: accepted.path, event: { ...event, after: accepted.path.conditions.length } }, accepted.model, {
          expects: 'ok',
        })
      : undefined;
  return { handler: entry.entry.handler, witness: witness ?? (number === 'pages' ? longer : undefined) };
}

/** One page more than that: it is taken for a page. */
const longer = `open rw\na = mmap len ${countable + 1n}p off 0p prot rw shared expect ok\n`;

function runs({ entry, paths }: EntryAnalysis, name: string): boolean {
  return (
    entry.function === name || paths.some(({ events }) => events.some(({ frames }) => frames.some((frame) => frame.function === name)))
  );
}

/** Checks that a huge length passes because it is cut off on the way, in functions where no variable says so. */
function cutOff(context: RuleContext, told: ReadonlySet<string>): readonly Report[] {
  const { version } = context.driver.target;
  const reports = new Map<string, Report>();
  for (const call of callsWithoutBounds(context)) {
    const { path, event } = call;
    if (event.frames.some((frame) => told.has(frame.function))) continue;
    const bytes = event.iteration === undefined ? lengthArgument(event, version)?.bytes : isWholeLoop(call) ? lengthOf(event) : undefined;
    const wrapping = bytes && wrappingLength(call, bytes);
    const condition = wrapping && path.conditions[wrapping.index];
    if (!condition || reports.has(`${condition.file}:${condition.span.start}`)) continue;
    reports.set(`${condition.file}:${condition.span.start}`, {
      ...reportOn(
        call,
        condition.span,
        `A mapping of 64 TiB passes \`${printTerm(condition.term)}\`, because the length is cut off or wraps around before it is compared: what is checked is not what is mapped. Compare it as unsigned long.`,
      ),
      file: condition.file,
      function: condition.function,
    });
  }
  return [...reports.values()];
}

/** A loop that goes on for as long as the vma does. */
function isWholeLoop(call: PathCall): boolean {
  return isBoundedByVmaAlone(call) && isCountedInFull(call);
}

/** What of the vma a value is, in bytes. */
function quantityOf(value: Expression): string | undefined {
  if (value.kind !== 'binary') return undefined;
  const { operator, left, right } = value;
  const isField = (each: Expression, field: string): boolean => each.kind === 'member' && each.field === field;
  if (operator === '-' && isField(left, 'vm_end') && isField(right, 'vm_start')) return length;
  const isShift = operator === '<<' && right.kind === 'name' && right.name === 'PAGE_SHIFT';
  const isProduct = operator === '*' && right.kind === 'name' && right.name === 'PAGE_SIZE';
  return (isShift || isProduct) && isField(left, 'vm_pgoff') ? 'The offset of a mapping' : undefined;
}

/** Declares the variable as unsigned long, where it is declared alone. */
function widening(driver: Driver, { file, function: { body } }: FunctionUses, name: string): readonly ReportFix[] {
  let declaration: Span | undefined;
  walkBlock(body, {
    statement: (statement) => {
      const [declarator, ...others] = statement.kind === 'declaration' && !statement.isStatic ? statement.declarators : [];
      if (declarator?.name === name && others.length === 0) declaration = { start: statement.span.start, end: declarator.nameSpan.start };
    },
  });
  if (!declaration) return noFix;
  const written = textAt(driver, { file, span: declaration });
  const type = /^(?:const\s+)?(.*\w)\s+$/.exec(written)?.[1];
  if (type === undefined || !/^[\w ]+$/.test(type)) return noFix;
  const start = declaration.start + written.indexOf(type);
  return replacing({ file, span: { start, end: start + type.length } }, 'unsigned long', { title: `Make ${name} an unsigned long` });
}

/**
 * `vm_insert_pfn()` and its like, which return an error number, turned into the vmf_ calls, which return what a fault handler does: the lines
 * that made VM_FAULT_ bits of the error go away. Only where these lines do nothing else.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Block, Expression, Statement } from '../../../syntax/ast.ts';
import { walkStatement } from '../../../syntax/walk.ts';
import type { Edit, ReportFix } from '../../rule.ts';
import { fixOf, holds, noFix, wholeLines } from '../fixes/fixes.ts';
import type { FunctionUses } from '../text/uses.ts';
import { placedStatements, usesOfName, withResult } from './definition.ts';
import { faultHeader } from './fault-header.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** A call whose result goes into a variable or nowhere, in its block. */
interface Insertion {
  readonly statement: Statement;
  /** What follows in the block. */
  readonly rest: readonly Statement[];
  /** Absent: the result is lost. */
  readonly variable?: string;
}

/** Calls `successor` and returns what it returns. */
export function returningBits(driver: Driver, uses: FunctionUses, call: Call, successor: string): readonly ReportFix[] {
  const insertion = insertionOf(uses, call);
  const translation = insertion && translationIn(insertion);
  if (!insertion || !translation) return noFix;
  const { file } = uses;
  const called = `${successor}${driver.text.slice({ file, span: { start: call.callee.span.end, end: call.span.end } })}`;
  const result = withResult(driver, uses, faultHeader(driver.target.version).result);
  const { between, first, last } = translation;
  const { variable, statement } = insertion;
  const title = `Return what ${successor}() returns (check what the lines that go away were for)`;
  const header = result ? [result] : [];
  if (between.length === 0) {
    const whole = { file, span: { start: statement.span.start, end: last.span.end }, newText: `return ${called};` };
    return fixOf({ title, safe: false }, [...header, whole, ...withoutVariable(driver, uses, insertion, whole)]);
  }
  const retyped = variable === undefined ? undefined : asBits(driver, uses, insertion, [first, last]);
  if (!retyped) return noFix;
  const returned = { file, span: { start: first.span.start, end: last.span.end }, newText: `return ${variable};` };
  return fixOf({ title, safe: false }, [...header, { file, span: call.callee.span, newText: successor }, ...retyped, returned]);
}

function insertionOf({ function: { body } }: FunctionUses, call: Call): Insertion | undefined {
  let found: Insertion | undefined;
  const look = ({ statements }: Pick<Block, 'statements'>): void => {
    for (const [index, statement] of statements.entries()) {
      const variable = statement.kind === 'expression' ? targetOf(statement.expression, call) : undefined;
      const rest = statements.slice(index + 1);
      if (statement.kind === 'expression' && statement.expression === call) found = { statement, rest };
      else if (variable !== undefined) found = { statement, rest, variable };
      walkStatement(statement, { statement: (each) => void (each.kind === 'block' && each !== statement && look(each)) });
      if (statement.kind === 'block') look(statement);
      if (found) return;
    }
  };
  look(body);
  return found;
}

function targetOf(expression: Expression, call: Call): string | undefined {
  if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.value !== call) return undefined;
  return expression.target.kind === 'name' ? expression.target.name : undefined;
}

/** The end of the block that makes bits of the error and returns them, and what stands before it. */
function translationIn({ rest, variable }: Insertion) {
  let from = rest.length;
  while (from > 0 && translates(rest[from - 1], variable)) from--;
  const between = rest.slice(0, from);
  const [first] = rest.slice(from);
  const last = rest.at(-1);
  const mentions = between.some((statement) => variable !== undefined && namesIn(statement).has(variable));
  const ends = last?.kind === 'return' || last?.kind === 'switch';
  return first && last && ends && !mentions ? { between, first, last } : undefined;
}

const translating: ReadonlySet<Statement['kind']> = new Set(['return', 'if', 'switch', 'case', 'default', 'break', 'block', 'empty']);
const plain: ReadonlySet<Expression['kind']> = new Set(['name', 'number', 'unary', 'binary', 'conditional', 'call']);

/** Whether a statement does nothing but compare the variable with constants and return constants. */
function translates(statement: Statement | undefined, variable: string | undefined): boolean {
  if (!statement) return false;
  let only = true;
  walkStatement(statement, {
    statement: ({ kind }) => {
      only &&= translating.has(kind);
    },
    expression: (each) => {
      only &&= plain.has(each.kind);
      if (each.kind === 'name') only &&= each.name === variable || /^(?:[A-Z][A-Z_0-9]*|likely|unlikely|vmf_error)$/.test(each.name);
    },
  });
  return only;
}

function namesIn(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  walkStatement(statement, { expression: (each) => void (each.kind === 'name' && names.add(each.name)) });
  return names;
}

/** The declaration of the variable alone, without a value. */
function declarationOf(uses: FunctionUses, variable: string): Statement | undefined {
  return placedStatements(uses).find(
    ({ statement: each }) =>
      each.kind === 'declaration' &&
      each.declarators.length === 1 &&
      each.declarators[0]?.name === variable &&
      !each.declarators[0].initializer,
  )?.statement;
}

/** Takes the variable away where nothing else uses it. */
function withoutVariable(driver: Driver, uses: FunctionUses, { variable }: Insertion, gone: Edit): readonly Edit[] {
  if (variable === undefined) return [];
  const isGone = ({ span }: Expression): boolean => holds(gone.span, span);
  const declaration = usesOfName(uses, variable).every(isGone) ? declarationOf(uses, variable) : undefined;
  return declaration ? [{ file: uses.file, span: wholeLines(driver, { file: uses.file, span: declaration.span }), newText: '' }] : [];
}

/** Makes the variable one of the bits of a fault; `undefined` where it holds something else too. */
function asBits(
  driver: Driver,
  uses: FunctionUses,
  { variable = '', statement }: Insertion,
  [first, last]: readonly [Statement, Statement],
) {
  const translation = { start: first.span.start, end: last.span.end };
  const inside = ({ span }: Expression): boolean => holds(statement.span, span) || holds(translation, span);
  const declaration = declarationOf(uses, variable);
  const place = declaration && { file: uses.file, span: declaration.span };
  const type = place && /^(?:int|long)\b/.exec(driver.text.slice(place))?.[0];
  if (!place || type === undefined || !usesOfName(uses, variable).every(inside)) return undefined;
  const span = { start: place.span.start, end: place.span.start + type.length };
  return [{ file: uses.file, span, newText: faultHeader(driver.target.version).result }];
}

/**
 * Where a value of the driver comes from, found by running backwards: the expression that some function of the driver
 * assigns to the field is written into a small function of its own, with the local variables that it needs, so that the
 * executor can evaluate it. Chooses no values; whatever such a function asks for is asked of the world as always.
 */
import type { Driver, FieldSource } from '../../driver/model.ts';
import { allocatorOf } from '../../services/allocators.ts';
import type { Block, Declarator, Expression, FunctionDefinition, Initializer, Parameter, Statement, TypeName } from '../../syntax/ast.ts';
import { walkBlock, walkExpression } from '../../syntax/walk.ts';
import { textOf } from './uses.ts';

/** A function to be added to the program: its parameters are the pointers to the object that the field belongs to. */
export interface WrittenFunction {
  readonly definition: FunctionDefinition;
  readonly file: string;
  /** How many parameters it has; each is to be given a pointer to the object. */
  readonly owners: number;
  readonly source: FieldSource;
}

/** Stands for a struct inside one of the kernel's, of which neither the name nor the fields are known. */
export const unknownStruct = '';

/** Begins the names of written functions, which no C name can be. */
const writtenPrefix = '=';

/** How far local variables are followed to what they were assigned from. */
const maximumLocals = 12;

/**
 * The functions that compute a field's value, the most telling first: allocations before plain copies, resets to 0 last.
 * `struct` is the tag of the struct that holds the field, where it is known.
 */
export function writtenFor(driver: Driver, struct: string | undefined, field: string, inside?: string): readonly WrittenFunction[] {
  const sources = driver
    .sourcesOf(struct === unknownStruct ? undefined : struct, field)
    .filter((source) => source.struct === undefined || (struct !== unknownStruct && (struct === undefined || source.struct === struct)))
    .filter((source) => inside === undefined || source.struct === struct || isInside(driver, source, inside));
  return sources
    .map((source) => ({ source, rank: rankOf(source.value) }))
    .filter(({ rank }) => rank < reset)
    .sort((left, right) => left.rank - right.rank)
    .slice(0, 4)
    .flatMap(({ source }) => writeFunction(driver, struct, source) ?? []);
}

/** Whether the text assigns to the field of a part called `inside`: `info->fix.smem_start` for `smem_start` inside `fix`. */
function isInside(driver: Driver, { file, span, value }: FieldSource, inside: string): boolean {
  const target = driver.files.get(file)?.slice(span.start, value.span.start) ?? '';
  return new RegExp(`\\b${inside}\\s*(\\[[^\\]]*\\])?\\s*(->|\\.)\\s*\\w+\\s*=`).test(target);
}

/** The functions that compute a file-level variable: what the driver's functions assign to it. */
export function writtenForVariable(driver: Driver, name: string): readonly WrittenFunction[] {
  return assignmentsTo(driver, name)
    .slice(0, 4)
    .flatMap((source) => writeFunction(driver, undefined, source) ?? []);
}

/** What the driver's functions assign to a file-level variable, but for resets to 0. */
export function assignmentsTo(driver: Driver, name: string): readonly FieldSource[] {
  const assigns = new RegExp(`\\b${name}\\s*=[^=]`);
  const found: FieldSource[] = [];
  for (const header of driver.functions.values()) {
    const definition = assigns.test(textOf(driver, header)) ? driver.body(header.name) : undefined;
    if (!definition) continue;
    walkBlock(definition.body, {
      expression(each) {
        if (each.kind !== 'assignment' || each.operator !== '=' || each.target.kind !== 'name' || each.target.name !== name) return;
        found.push({ field: name, value: each.value, function: header.name, file: header.file, span: each.span });
      },
    });
  }
  return found.filter(({ value }) => rankOf(value) < reset);
}

/** The function that makes a call of the driver's again: for values that a call stores through a pointer, as `&dma`. */
export function writtenForCall(
  driver: Driver,
  struct: string | undefined,
  functionName: string,
  call: Expression,
): WrittenFunction | undefined {
  const file = driver.functions.get(functionName)?.file ?? driver.file;
  return writeFunction(driver, struct, { field: '', value: call, function: functionName, file, span: call.span });
}

const reset = 9;

/** How much an expression tells; `reset` and more is nothing. */
function rankOf(value: Expression): number {
  switch (value.kind) {
    case 'call':
      return 0;
    case 'cast':
      return rankOf(value.operand);
    case 'number':
      return value.value === 0n ? reset : 2;
    case 'name':
      return value.name === 'NULL' || value.name === 'false' ? reset : 3;
    case 'unary':
      return value.operand.kind === 'number' || value.operand.kind === 'name' ? reset : 2;
    case 'unknown':
      return reset;
    default:
      return 1;
  }
}

/** Writes the function that evaluates one expression; `undefined` when it needs too much around it. */
export function writeFunction(driver: Driver, struct: string | undefined, source: FieldSource): WrittenFunction | undefined {
  const from = source.function === '' ? undefined : driver.body(source.function);
  const owners: Parameter[] = [];
  const declarations: Statement[] = [];
  const seen = new Set<string>();
  if (from) {
    const locals = localsOf(from);
    // A parameter that is stored as it came tells nothing: its value is somewhere else.
    const stored = source.value.kind === 'name' ? locals.get(source.value.name) : undefined;
    if (stored && stored.values.length === 0 && !isOwner(stored.type, struct)) return undefined;
    const need = (expression: Expression): boolean => {
      for (const name of namesIn(expression)) {
        const local = locals.get(name);
        if (!local || seen.has(name)) continue;
        if (seen.size >= maximumLocals) return false;
        seen.add(name);
        if (isOwner(local.type, struct)) {
          owners.push({ name, type: local.type, span: source.span });
          continue;
        }
        // What a handler is given tells about one mapping, not about the driver.
        if (isMapping(local.type)) return false;
        const value = local.values.length > 0 ? bestValue(local.values, source) : undefined;
        // What a fresh struct will hold later is not what it holds when it is allocated: it is left to be asked for.
        if (value && isFreshStruct(local.type, value)) {
          declarations.push(declaration(name, local.type, undefined, source));
          continue;
        }
        if (value && !need(value)) return false;
        declarations.push(declaration(name, local.type, value, source));
      }
      return true;
    };
    if (!need(source.value)) return undefined;
  }
  const span = source.value.span;
  const splits = from ? splitsOf(from, seen) : [];
  const body: Block = { kind: 'block', statements: [...declarations, ...splits, { kind: 'return', value: source.value, span }], span };
  const definition: FunctionDefinition = {
    name: `${writtenPrefix}${source.function}:${source.span.start}:${struct ?? ''}:${source.value.kind === 'addressOf' && source.value.operand.kind === 'name' ? source.value.operand.name : source.value.kind === 'name' ? source.value.name : ''}`,
    nameSpan: span,
    returns: { kind: 'unknown', text: '' },
    parameters: owners,
    variadic: false,
    isStatic: true,
    span,
    bodySpan: span,
    body,
    problems: [],
  };
  return { definition, file: source.file, owners: owners.length, source };
}

/** `split_page(page, order)` of the function for one of the locals: it decides how the pages are counted. */
function splitsOf(definition: FunctionDefinition, locals: ReadonlySet<string>): readonly Statement[] {
  const found: Statement[] = [];
  walkBlock(definition.body, {
    statement(statement) {
      if (statement.kind !== 'expression' || statement.expression.kind !== 'call') return;
      const { callee, arguments: args } = statement.expression;
      const [page] = args;
      const isSplit = callee.kind === 'name' && callee.name === 'split_page' && page?.kind === 'name' && locals.has(page.name);
      if (isSplit && args.slice(1).every((argument) => argument.kind !== 'name' || locals.has(argument.name))) found.push(statement);
    },
  });
  return found;
}

interface Local {
  readonly type: TypeName;
  /** What it is assigned from, in the order of the text. */
  readonly values: Expression[];
}

/** The parameters and local variables of a function with everything that is assigned to them. */
function localsOf(definition: FunctionDefinition): ReadonlyMap<string, Local> {
  const locals = new Map<string, Local>();
  for (const { name, type } of definition.parameters) if (name !== undefined) locals.set(name, { type, values: [] });
  walkBlock(definition.body, {
    statement(statement) {
      if (statement.kind !== 'declaration') return;
      for (const { name, type, initializer } of statement.declarators) {
        locals.set(name, { type, values: initializer?.kind === 'expression' ? [initializer.expression] : [] });
      }
    },
    expression(expression) {
      if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.target.kind !== 'name') return;
      locals.get(expression.target.name)?.values.push(expression.value);
    },
  });
  return locals;
}

/** Whether a local variable is a pointer to the struct whose field is looked for: it is the object at hand. */
function isOwner(type: TypeName, struct: string | undefined): boolean {
  return struct !== undefined && type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === struct;
}

/** Whether it is a pointer to a vma or to what a fault or mmap handler gets instead. */
function isMapping(type: TypeName): boolean {
  return type.kind === 'pointer' && type.to.kind === 'tagged' && /^(vm_area_struct|vm_fault|vm_area_desc)$/.test(type.to.name);
}

/** Whether a local pointer to a struct is set by an allocation. */
function isFreshStruct(type: TypeName, value: Expression): boolean {
  if (type.kind !== 'pointer' || type.to.kind !== 'tagged') return false;
  const call = value.kind === 'cast' ? value.operand : value;
  const memory = call.kind === 'call' && call.callee.kind === 'name' ? allocatorOf(call.callee.name)?.memory : undefined;
  return memory === 'slab' || memory === 'slabOrVmalloc' || memory === 'vmalloc';
}

/** The last assignment that stands before the field's own. */
function bestValue(values: readonly Expression[], source: FieldSource): Expression | undefined {
  return values.findLast((value) => value.span.end <= source.span.start && rankOf(value) < reset);
}

function declaration(name: string, type: TypeName, value: Expression | undefined, { span }: FieldSource): Statement {
  const initializer: Initializer | undefined = value && { kind: 'expression', expression: value, span: value.span };
  const declarator: Declarator = { name, nameSpan: span, type, span, ...(initializer ? { initializer } : {}) };
  return { kind: 'declaration', declarators: [declarator], isStatic: false, span };
}

function namesIn(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  walkExpression(expression, {
    expression(each) {
      if (each.kind === 'name') names.add(each.name);
    },
  });
  return names;
}

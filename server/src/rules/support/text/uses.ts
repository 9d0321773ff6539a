/**
 * Every use of a name, a field or a call in the driver's own functions, with the declared types of the variables in
 * sight. For rules about what the text names, whatever path it runs on.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression, FunctionDefinition, TypeName } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';

export interface FunctionUses {
  readonly function: FunctionDefinition;
  readonly file: string;
  /** In the order of the text. */
  readonly expressions: readonly Expression[];
  /** The names that are called, each once. */
  readonly called: readonly string[];
  /** The declared type of a parameter, local or global variable. */
  typeOf(name: string): TypeName | undefined;
}

/** What a function's own text says, as long as it stays the same. */
interface Walked {
  readonly expressions: readonly Expression[];
  readonly called: readonly string[];
  readonly types: ReadonlyMap<string, TypeName>;
}

const walked = new WeakMap<FunctionDefinition, Walked>();

/** The functions of the driver's own file whose text holds a match of each of `words`, each with its expressions. */
export function usesIn(driver: Driver, ...words: readonly RegExp[]): readonly FunctionUses[] {
  return driver.text.functionsWith(words).flatMap((name) => usesOf(driver, name) ?? []);
}

/** A pattern for texts that hold one of `names` as a word. */
export function anyWord(names: Iterable<string>): RegExp {
  const all = [...names];
  return all.length > 0 ? new RegExp(`\\b(?:${all.join('|')})\\b`) : /(?!)/;
}

/** One function of the driver's own file. */
export function usesOf(driver: Driver, name: string): FunctionUses | undefined {
  const header = driver.functions.get(name);
  const definition = header?.file === driver.file ? driver.body(name) : undefined;
  if (!header || !definition) return undefined;
  let known = walked.get(definition);
  if (!known) {
    known = walk(definition);
    walked.set(definition, known);
  }
  const { expressions, called, types } = known;
  return {
    function: definition,
    file: header.file,
    expressions,
    called,
    typeOf: (each) => types.get(each) ?? driver.variables.get(each)?.type,
  };
}

function walk(definition: FunctionDefinition): Walked {
  const types = new Map<string, TypeName>();
  for (const parameter of definition.parameters) if (parameter.name !== undefined) types.set(parameter.name, parameter.type);
  const expressions: Expression[] = [];
  walkBlock(definition.body, {
    expression: (expression) => void expressions.push(expression),
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const declarator of statement.declarators) types.set(declarator.name, declarator.type);
    },
  });
  const called = expressions.flatMap((each) => (each.kind === 'call' && each.callee.kind === 'name' ? [each.callee.name] : []));
  return { expressions, called: [...new Set(called)], types };
}

/** What a local variable is set to, in its declaration and by every assignment. */
export function valuesOf({ function: { body } }: FunctionUses, name: string): readonly Expression[] {
  const values: Expression[] = [];
  walkBlock(body, {
    statement: (each) => {
      if (each.kind !== 'declaration') return;
      for (const { name: own, initializer } of each.declarators)
        if (own === name && initializer?.kind === 'expression') values.push(initializer.expression);
    },
    expression: (each) => {
      if (each.kind === 'assignment' && each.target.kind === 'name' && each.target.name === name) values.push(each.value);
    },
  });
  return values;
}

/** The tag of the struct that `expression` is or points to, when its declaration is in sight. */
export function structOf(uses: FunctionUses, driver: Driver, expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return structTag(driver, uses.typeOf(expression.name));
    case 'cast':
      return structTag(driver, expression.type);
    case 'addressOf':
    case 'dereference':
      return structOf(uses, driver, expression.operand);
    case 'index':
      return structOf(uses, driver, expression.object);
    case 'member': {
      const owner = structOf(uses, driver, expression.object);
      if (owner === undefined) return undefined;
      return structTag(driver, fieldType(driver, owner, expression.field)) ?? knownFields[`${owner}.${expression.field}`];
    }
    case 'call':
      return expression.callee.kind === 'name' ? structTag(driver, driver.functions.get(expression.callee.name)?.returns) : undefined;
    default:
      return undefined;
  }
}

/** The declared type of a variable or of a field, where the struct is in sight. */
export function typeOf(uses: FunctionUses, driver: Driver, expression: Expression): TypeName | undefined {
  if (expression.kind === 'name') return uses.typeOf(expression.name);
  const owner = expression.kind === 'member' ? structOf(uses, driver, expression.object) : undefined;
  return expression.kind === 'member' && owner !== undefined ? fieldType(driver, owner, expression.field) : undefined;
}

/** Fields of kernel structs that lead to the structs which rules ask for. */
const knownFields: Readonly<Record<string, string>> = {
  'vm_fault.vma': 'vm_area_struct',
  'vm_area_struct.vm_mm': 'mm_struct',
  'vm_area_struct.vm_file': 'file',
  'task_struct.mm': 'mm_struct',
  'task_struct.active_mm': 'mm_struct',
};

function structTag(driver: Driver, type: TypeName | undefined): string | undefined {
  let at = type;
  for (let depth = 0; at && depth < 8; depth++) {
    switch (at.kind) {
      case 'tagged':
        return at.tag === 'enum' ? undefined : at.name;
      case 'pointer':
        at = at.to;
        break;
      case 'array':
        at = at.of;
        break;
      case 'named':
        at = driver.typedefs.get(at.name);
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

function fieldType(driver: Driver, struct: string, field: string): TypeName | undefined {
  const type = driver.types.get(struct)?.type;
  if (type?.kind !== 'tagged' || type.body?.kind !== 'fields') return undefined;
  return type.body.fields.find((each) => each.name === field)?.type;
}

/** Whether the driver's own text declares `name`, so that it does not mean the kernel's. */
export function isOwnName(driver: Driver, name: string): boolean {
  return driver.functions.has(name) || driver.macros.has(name) || driver.variables.has(name) || driver.enumerators.has(name);
}

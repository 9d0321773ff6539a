/**
 * Where the fields of the driver's structs get their values: every assignment and initializer of a function or of a
 * file-level variable, as written. What the values mean is for others to find out.
 */
import type { FunctionDefinition, GlobalVariable, Initializer, TypeName } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { FieldSource } from './model.ts';
import { elementType, fieldType, functionScope, type Scope, structName, typeOf } from './typing.ts';

/** Nesting of initializers that is followed. */
const maxDepth = 32;

/** The fields that a function's body sets, in the order of the text. */
export function sourcesInFunction(definition: FunctionDefinition, file: string, outer: Scope): readonly FieldSource[] {
  const scope = functionScope(definition, outer);
  const found: FieldSource[] = [];
  const inInitializer = (type: TypeName, initializer: Initializer): void =>
    collect(type, initializer, { scope, file, function: definition.name, found }, 0);
  walkBlock(definition.body, {
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const { type, initializer } of statement.declarators) if (initializer?.kind === 'list') inInitializer(type, initializer);
    },
    expression: (expression) => {
      if (expression.kind === 'compoundLiteral') inInitializer(expression.type, expression.initializer);
      if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.target.kind !== 'member') return;
      const { target, value, span } = expression;
      const struct = ownerOf(typeOf(target.object, scope), scope);
      found.push({ ...(struct && { struct }), field: target.field, value, function: definition.name, file, span });
    },
  });
  return found;
}

/** The fields that a file-level variable's initializer sets; their `function` is empty. */
export function sourcesInVariable(variable: GlobalVariable, file: string, scope: Scope): readonly FieldSource[] {
  const found: FieldSource[] = [];
  if (variable.initializer) collect(variable.type, variable.initializer, { scope, file, function: '', found }, 0);
  return found;
}

interface Collection {
  readonly scope: Scope;
  readonly file: string;
  readonly function: string;
  readonly found: FieldSource[];
}

function collect(type: TypeName | undefined, initializer: Initializer, into: Collection, depth: number): void {
  if (initializer.kind !== 'list' || depth > maxDepth) return;
  const { scope, file, found } = into;
  for (const entry of initializer.entries) {
    let holder = elementType(type, scope);
    let field: string | undefined;
    for (const designator of entry.designators) {
      if (designator.kind !== 'field') continue;
      if (field !== undefined) holder = elementType(holder && fieldType(holder, field, scope), scope);
      field = designator.name;
    }
    if (entry.value.kind === 'list')
      collect(field === undefined ? holder : holder && fieldType(holder, field, scope), entry.value, into, depth + 1);
    else if (field !== undefined) {
      const struct = structName(holder, scope);
      found.push({ ...(struct && { struct }), field, value: entry.value.expression, function: into.function, file, span: entry.span });
    }
  }
}

/** The struct that `object.field` or `object->field` belongs to, whichever of the two the text uses. */
function ownerOf(object: TypeName | undefined, scope: Scope): string | undefined {
  const element = elementType(object, scope);
  return structName(element?.kind === 'pointer' ? element.to : element, scope);
}

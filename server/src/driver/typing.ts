/**
 * The type of an expression as far as the driver's own declarations tell: enough to know which struct a field belongs
 * to. Answers `undefined` where it does not know; never guesses.
 */
import { fieldFact } from '../kernel/lookup.ts';
import type { Expression, FunctionDefinition, MacroMeaning, TypeName } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';

/** Where names are looked up. */
export interface Scope {
  variable(name: string): TypeName | undefined;
  typedef(name: string): TypeName | undefined;
  /** The type with its fields, of a struct or union of the driver. */
  struct(name: string): TypeName | undefined;
  returns(functionName: string): TypeName | undefined;
  macro(name: string): MacroMeaning | undefined;
}

/** How far typedefs, macros and operators are followed. */
const maxDepth = 48;

/** Fields of kernel structs on the way to an ops table, besides those whose facts say what they point at; `*`: a pointer. */
const kernelFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  file: { f_op: 'file_operations*', f_inode: 'inode*' },
  inode: { i_fop: 'file_operations*' },
  vm_area_struct: { vm_file: 'file*' },
  vm_fault: { vma: 'vm_area_struct*' },
  snd_hwdep: { ops: 'snd_hwdep_ops' },
  snd_info_entry: { c: 'snd_info_entry_content' },
  snd_info_entry_content: { ops: 'snd_info_entry_ops*' },
  snd_soc_pcm_runtime: { ops: 'snd_pcm_ops' },
  snd_pcm_substream: { ops: 'snd_pcm_ops*' },
  socket: { ops: 'proto_ops*' },
  virtio_dma_buf_ops: { ops: 'dma_buf_ops' },
  pci_bus: { legacy_io: 'bin_attribute*', legacy_mem: 'bin_attribute*' },
};

/** The type of `expression`, or `undefined`. */
export function typeOf(expression: Expression, scope: Scope, depth = 0): TypeName | undefined {
  if (depth > maxDepth) return undefined;
  const inner = (part: Expression): TypeName | undefined => typeOf(part, scope, depth + 1);
  switch (expression.kind) {
    case 'name': {
      const known = scope.variable(expression.name);
      if (known) return known;
      const meaning = scope.macro(expression.name);
      return meaning?.kind === 'expression' ? inner(meaning.expression) : undefined;
    }
    case 'member': {
      const object = inner(expression.object);
      const holder = expression.arrow ? pointee(object, scope) : object;
      return holder && fieldType(holder, expression.field, scope);
    }
    case 'dereference':
      return pointee(inner(expression.operand), scope);
    case 'index':
      return pointee(inner(expression.object), scope);
    case 'addressOf': {
      const to = inner(expression.operand);
      return to && { kind: 'pointer', to };
    }
    case 'cast':
    case 'compoundLiteral':
      return expression.type;
    case 'conditional':
      return (expression.then && inner(expression.then)) ?? inner(expression.otherwise);
    case 'assignment':
      return inner(expression.target);
    case 'comma':
      return inner(expression.right);
    case 'call':
      return callType(expression, scope, depth);
    case 'update':
      return inner(expression.operand);
    case 'binary':
      return expression.operator === '+' || expression.operator === '-' ? pointerOf(inner(expression.left), scope) : undefined;
    case 'number':
    case 'character':
    case 'string':
    case 'unary':
    case 'sizeofType':
    case 'sizeofExpression':
    case 'statementExpression':
    case 'typeArgument':
    case 'unknown':
      return undefined;
  }
}

function callType(call: Extract<Expression, { kind: 'call' }>, scope: Scope, depth: number): TypeName | undefined {
  if (call.callee.kind !== 'name') return undefined;
  const declared = scope.returns(call.callee.name);
  if (declared) return declared;
  const type = call.arguments.find((argument) => argument.kind === 'typeArgument');
  if (type && /^(?:container_of|container_of_const|list_(?:first_|last_)?entry\w*|hlist_entry\w*|rb_entry\w*)$/.test(call.callee.name)) {
    return { kind: 'pointer', to: type.type };
  }
  const meaning = scope.macro(call.callee.name);
  return meaning?.kind === 'expression' ? typeOf(meaning.expression, scope, depth + 1) : undefined;
}

/** The type with typedefs and `typeof` of names followed. */
export function resolve(type: TypeName | undefined, scope: Scope): TypeName | undefined {
  let at = type;
  for (let depth = 0; at && depth < maxDepth; depth++) {
    if (at.kind === 'named') {
      const next = scope.typedef(at.name);
      if (!next) return at;
      at = next;
    } else if (at.kind === 'typeof') at = typeOf(at.of, scope, depth);
    else return at;
  }
  return undefined;
}

/** The tag of a struct or union type; typedefs are followed, pointers are not. */
export function structName(type: TypeName | undefined, scope: Scope): string | undefined {
  const resolved = resolve(type, scope);
  return resolved?.kind === 'tagged' && resolved.tag !== 'enum' ? resolved.name : undefined;
}

/** The element of an array, of an array of arrays and so on; other types as they are. */
export function elementType(type: TypeName | undefined, scope: Scope): TypeName | undefined {
  let at = resolve(type, scope);
  for (let depth = 0; at?.kind === 'array' && depth < maxDepth; depth++) at = resolve(at.of, scope);
  return at;
}

/** The type of a field of a struct or union; members of anonymous inner ones count. */
export function fieldType(holder: TypeName, field: string, scope: Scope): TypeName | undefined {
  const resolved = resolve(holder, scope);
  if (resolved?.kind !== 'tagged') return undefined;
  const body = resolved.body ?? bodyOf(scope.struct(resolved.name));
  const own = body?.kind === 'fields' ? fieldIn(body.fields, field, scope, 0) : undefined;
  if (own) return own;
  const table = fieldFact(resolved.name, field)?.pointsTo;
  const known = table ? `${table}*` : Object.hasOwn(kernelFields, resolved.name) ? kernelFields[resolved.name]?.[field] : undefined;
  if (!known) return undefined;
  const tagged: TypeName = { kind: 'tagged', tag: 'struct', name: known.replace('*', '') };
  return known.endsWith('*') ? { kind: 'pointer', to: tagged } : tagged;
}

function fieldIn(
  fields: readonly { readonly name: string; readonly type: TypeName }[],
  name: string,
  scope: Scope,
  depth: number,
): TypeName | undefined {
  for (const field of fields) {
    if (field.name === name) return field.type;
    if (field.name !== '' || depth > maxDepth) continue;
    const body = bodyOf(field.type);
    const found = body?.kind === 'fields' ? fieldIn(body.fields, name, scope, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The fields of a struct of the driver in their order, for positional initializers. */
export function fieldNames(tag: string, scope: Scope): readonly string[] | undefined {
  const body = bodyOf(scope.struct(tag));
  return body?.kind === 'fields' ? body.fields.map(({ name }) => name) : undefined;
}

function bodyOf(type: TypeName | undefined) {
  return type?.kind === 'tagged' ? type.body : undefined;
}

function pointee(type: TypeName | undefined, scope: Scope): TypeName | undefined {
  const resolved = resolve(type, scope);
  if (resolved?.kind === 'pointer') return resolved.to;
  return resolved?.kind === 'array' ? resolved.of : undefined;
}

function pointerOf(type: TypeName | undefined, scope: Scope): TypeName | undefined {
  const resolved = resolve(type, scope);
  return resolved?.kind === 'pointer' || resolved?.kind === 'array' ? resolved : undefined;
}

/** `outer` with the parameters and local variables of `definition` in front; a name that is declared twice has its last type. */
export function functionScope(definition: FunctionDefinition, outer: Scope): Scope {
  const locals = new Map<string, TypeName>();
  for (const { name, type } of definition.parameters) if (name) locals.set(name, type);
  walkBlock(definition.body, {
    statement: (statement) => {
      if (statement.kind === 'declaration') for (const { name, type } of statement.declarators) locals.set(name, type);
    },
  });
  return { ...outer, variable: (name) => locals.get(name) ?? outer.variable(name) };
}

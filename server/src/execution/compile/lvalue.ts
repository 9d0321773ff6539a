/** Lvalues: `*p`, `p->x`, `s.x`, `a[i]`, and `&`. Types come from the declarations, else from the pointer's value. */
import type { Expression } from '../../syntax/ast.ts';
import { elementOf, movePointer } from '../access.ts';
import type { Code } from '../code.ts';
import { firstPage, follow, numberOf } from '../conversion.ts';
import { type CType, int, long, unknownType } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import { fieldAt, type Location, wholeOf } from '../place.ts';
import { constant, constantOf } from '../term.ts';
import type { Step, Value } from '../value.ts';
import { compileExpression, valueOfLvalue } from './expression.ts';
import { decayed } from './operators.ts';
import type { Scope } from './scope.ts';

const pointerToUnknown: CType = { kind: 'pointer', to: unknownType };

export function compileDereference(expression: Extract<Expression, { kind: 'dereference' }>, scope: Scope, hint: CType | undefined): Code {
  const pointer = compileExpression(expression.operand, scope, pointerToUnknown);
  const type = pointeeOf(pointer.type);
  const text = () => expressionText(expression.operand);
  const locate = (run: Run) => {
    const value = pointer.evaluate(run);
    run.span = expression.span;
    return follow(run, value, type, text);
  };
  return valueOfLvalue(type, locate, hint);
}

export function compileAddressOf(expression: Extract<Expression, { kind: 'addressOf' }>, scope: Scope): Code {
  const operand = compileExpression(expression.operand, scope);
  const type: CType = { kind: 'pointer', to: operand.type };
  const { locate } = operand;
  if (operand.type.kind === 'function' && operand.constant) return { ...operand, type };
  if (!locate) {
    // Of a value that is no lvalue, such as a macro that stands for one: a place that nobody knows.
    const name = expressionText(expression.operand);
    return { type, evaluate: (run) => pointerTo(wholeOf(run.assumed(name, operand.type)), operand.type) };
  }
  const beside = compileFieldAddress(expression.operand, scope);
  return {
    type,
    evaluate: (run) => {
      const address = beside?.(run);
      if (address) return address;
      const location = locate(run);
      return pointerTo(location, location.type);
    },
  };
}

/**
 * `&p->x.y` where `p` is a number that leads to nothing the world knows, such as an address of user space: the sum of the number and
 * where the field lies. Nothing is followed. Gives nothing for every other pointer.
 */
function compileFieldAddress(operand: Expression, scope: Scope): ((run: Run) => Value | undefined) | undefined {
  const { types } = scope.context.compiled;
  const fields: string[] = [];
  let object = operand;
  for (; object.kind === 'member' && !object.arrow; object = object.object) fields.unshift(object.field);
  if (object.kind !== 'member' || (object.object.kind !== 'name' && object.object.kind !== 'cast')) return undefined;
  fields.unshift(object.field);
  const pointer = compileExpression(object.object, scope, pointerToUnknown);
  return (run) => {
    const value = pointer.evaluate(run);
    const number = value.kind === 'address' ? constantOf(value.term) : undefined;
    if (value.kind !== 'address' || number === undefined) return undefined;
    if (number >= firstPage && run.world.placeAt(run, value.term)) return undefined;
    let type = value.pointee;
    let offset = 0n;
    for (const name of fields) {
      const field = types.field(type, name);
      offset += BigInt(field?.offset ?? 0);
      type = field?.type ?? unknownType;
    }
    return { kind: 'address', term: constant(number + offset), pointee: type };
  };
}

function pointerTo(location: Location, pointee: CType): Value {
  return { kind: 'pointer', place: location, pointee };
}

export function compileMember(expression: Extract<Expression, { kind: 'member' }>, scope: Scope, hint: CType | undefined): Code {
  const { field: name, span } = expression;
  const object = compileExpression(expression.object, scope, expression.arrow ? pointerToUnknown : undefined);
  const { types } = scope.context.compiled;
  const struct = expression.arrow ? pointeeOf(object.type) : object.type;
  const declared = types.field(struct, name);
  const step: Step = { kind: 'field', name };
  const text = () => expressionText(expression.object);
  const base = expression.arrow ? followed(object, struct, text) : located(object, struct);
  const locate = (run: Run): Location => {
    const at = base(run);
    run.span = span;
    const field = declared ?? run.types.field(at.type, name);
    return field ? fieldAt(at, field.step, field.type, field.bits) : fieldAt(at, step, unknownType);
  };
  // A bit-field that an `int` can hold is an `int` in an expression.
  const narrow = declared?.bits !== undefined && declared.bits < 32 && declared.type.kind === 'integer';
  return valueOfLvalue(narrow ? int : (declared?.type ?? unknownType), locate, hint);
}

function followed(pointer: Code, type: CType, text: () => string): (run: Run) => Location {
  return (run) => follow(run, pointer.evaluate(run), type, text);
}

/** Where the struct lies; one that is only a value (what a function returned) is put somewhere first. */
function located(object: Code, type: CType): (run: Run) => Location {
  const { locate } = object;
  if (locate) return locate;
  return (run) => {
    const value = object.evaluate(run);
    const known = value.kind === 'aggregate' ? value.type : type;
    const location = wholeOf(run.allocate('(value)', known, { kind: 'local', function: '' }));
    if (value.kind === 'aggregate') run.write(location, value, run.span);
    return location;
  };
}

export function compileIndex(expression: Extract<Expression, { kind: 'index' }>, scope: Scope, hint: CType | undefined): Code {
  const array = compileExpression(expression.object, scope, pointerToUnknown);
  const index = compileExpression(expression.index, scope, long);
  const { locate: locateArray } = array;
  const text = () => expressionText(expression.object);
  if (array.type.kind === 'array' && locateArray) {
    const { of } = array.type;
    const locate = (run: Run) => {
      const at = locateArray(run);
      const count = numberOf(run, index.evaluate(run)) ?? run.unknownNumber(expressionText(expression.index), long);
      return elementOf(run, at, of, count);
    };
    return valueOfLvalue(of, locate, hint);
  }
  const type = pointeeOf(array.type);
  const undeclared = array.type.kind === 'unknown' ? locateArray : undefined;
  const locate = (run: Run) => {
    const a = array.evaluate(run);
    const b = index.evaluate(run);
    run.span = expression.span;
    // A field that nobody declares and that holds a small number is rather an array than a pointer.
    if (undeclared && isSmall(a) && b.kind === 'integer') return elementOf(run, undeclared(run), type, b);
    // `i[a]` is `a[i]`.
    const [pointer, count] = a.kind === 'integer' && b.kind !== 'integer' ? [b, a] : [a, b];
    const moved =
      count.kind === 'integer' && (pointer.kind === 'pointer' || pointer.kind === 'address')
        ? movePointer(run, pointer, count, false)
        : pointer;
    return follow(run, moved, type, text);
  };
  return valueOfLvalue(type, locate, hint);
}

function isSmall(value: Value): boolean {
  const number = value.kind === 'address' || value.kind === 'integer' ? constantOf(value.term) : undefined;
  return number !== undefined && number < firstPage;
}

function pointeeOf(type: CType): CType {
  const pointer = decayed(type);
  return pointer.kind === 'pointer' ? pointer.to : unknownType;
}

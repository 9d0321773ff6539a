/**
 * From a member to the struct around it: `container_of` in its several spellings, `offsetof`, and casts between a struct
 * and the one that it begins with. Where the member was reached without its container, a container is made up whose
 * member is linked to the object at hand.
 */
import type { Expression } from '../../syntax/ast.ts';
import { integerOf } from '../arithmetic.ts';
import { sameType } from '../basic-types.ts';
import type { Code } from '../code.ts';
import { convert, follow } from '../conversion.ts';
import { type CType, unknownType } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import { pathKey, rangeOf } from '../key.ts';
import type { Run } from '../machine.ts';
import { fieldAt, keyOf, type Location, pointerName, wholeOf } from '../place.ts';
import type { MemoryObject, Place, Value } from '../value.ts';
import { compileExpression, constantCode, opaque, resolveType } from './expression.ts';
import type { Scope } from './scope.ts';

/** Calls of the form `name(pointer, type, member)`. */
export function compileContainerOf(args: readonly Expression[], scope: Scope): Code {
  const [pointerArgument, typeArgument, memberArgument] = args;
  const type = typeArgument && typeOfArgument(typeArgument, scope);
  if (!pointerArgument || !type || !memberArgument) return opaque('a container_of without its three arguments');
  const pointer = compileExpression(pointerArgument, scope, { kind: 'pointer', to: unknownType });
  const names = memberPath(memberArgument);
  const text = () => expressionText(pointerArgument);
  const evaluate = (run: Run): Value => {
    const value = pointer.evaluate(run);
    if (value.kind === 'address' || value.kind === 'opaque') return convert(run, value, { kind: 'pointer', to: type });
    const place = follow(run, value, unknownType, text);
    return { kind: 'pointer', place: containerOf(run, place, type, names), pointee: type };
  };
  return { type: { kind: 'pointer', to: type }, evaluate };
}

/** `offsetof(type, member)`, in bytes. */
export function compileOffsetof(args: readonly Expression[], scope: Scope): Code {
  const { types } = scope.context.compiled;
  const sizeType = { ...types.model.unsignedLong, name: 'size_t' };
  const [typeArgument, memberArgument] = args;
  const type = typeArgument && typeOfArgument(typeArgument, scope);
  if (!type || !memberArgument) return opaque('an offsetof without its two arguments');
  let offset: number | undefined = 0;
  let inside: CType = type;
  for (const name of memberPath(memberArgument)) {
    const field = types.field(inside, name);
    offset = field?.offset === undefined || offset === undefined ? undefined : offset + field.offset;
    inside = field?.type ?? unknownType;
  }
  if (offset !== undefined) return constantCode(sizeType, integerOf(sizeType, BigInt(offset)));
  const text = `offsetof(${type.kind === 'struct' ? `${type.tag} ${type.name}` : 'type'}, ${expressionText(memberArgument)})`;
  return { type: sizeType, evaluate: (run) => run.unknownNumber(text, sizeType) };
}

/** The value of `(struct to *)value`: a cast to a struct that begins with the one pointed to leads to the container. */
export function castStruct(run: Run, value: Value, to: Extract<CType, { kind: 'struct' }>): Value {
  if (value.kind === 'pointer' && value.place.path.length > 0 && keyOf(value.place) === '' && sameType(value.place.object.type, to)) {
    // Bytes were counted back to the start.
    return { kind: 'pointer', place: wholeOf(value.place.object), pointee: to };
  }
  if (value.kind !== 'pointer' || value.pointee.kind !== 'struct' || sameType(value.pointee, to)) {
    return convert(run, value, { kind: 'pointer', to });
  }
  const names = leadingMember(run, to, value.pointee);
  if (names && names.length > 0) return { kind: 'pointer', place: containerOf(run, value.place, to, names), pointee: to };
  const inner = leadingMember(run, value.pointee, to);
  if (!inner) return convert(run, value, { kind: 'pointer', to });
  return { kind: 'pointer', place: memberAt(run, { ...wholePlace(value.place), type: value.pointee }, inner), pointee: to };
}

function wholePlace(place: Place): Place & { readonly key: string } {
  return { object: place.object, path: place.path, key: keyOf(place) };
}

/** The way to a first member of type `inner` at the start of `outer`; `undefined` where it does not begin with one. */
function leadingMember(run: Run, outer: CType, inner: CType): readonly string[] | undefined {
  const names: string[] = [];
  let type = outer;
  for (let depth = 0; depth < 8; depth++) {
    const first = run.types.layout(type)?.members[0];
    if (!first || first.name === '') return undefined;
    names.push(first.name);
    if (sameType(first.type, inner)) return names;
    type = first.type;
  }
  return undefined;
}

/** The struct of `type` whose member `names` lies at `place`. */
export function containerOf(run: Run, place: Place, type: CType, names: readonly string[]): Location {
  const stripped = stripMember(place, names);
  if (stripped) return { object: place.object, path: stripped, key: pathKey(stripped), type };
  // A parent made before for this member of this object is the same one now.
  const name = pointerName(place);
  const id = `${place.object.id}${keyOf(place)}:${names.join('.')}:${type.kind === 'struct' ? type.name : ''}`;
  return wholeOf(run.container(id, () => madeUp(run, `container_of(${name})`, place, type, names)));
}

function stripMember(place: Place, names: readonly string[]): Place['path'] | undefined {
  const start = place.path.length - names.length;
  if (start < 0 || names.length === 0) return undefined;
  for (const [index, name] of names.entries()) {
    const step = place.path[start + index];
    if (step?.kind !== 'field' || step.name !== name) return undefined;
  }
  return place.path.slice(0, start);
}

function madeUp(run: Run, name: string, place: Place, type: CType, names: readonly string[]): MemoryObject {
  const object = run.allocate(name, type, { kind: 'assumed', from: place });
  const member = memberAt(run, wholeOf(object), names);
  object.link = { ...rangeOf(member.key, run.types.sizeOf(member.type)), at: place };
  return object;
}

function memberAt(run: Run, outer: Location, names: readonly string[]): Location {
  let at = outer;
  for (const name of names) {
    const field = run.types.field(at.type, name);
    at = field ? fieldAt(at, field.step, field.type, field.bits) : fieldAt(at, { kind: 'field', name }, unknownType);
  }
  return at;
}

/** `a.b.c` as its names; element indexes count as nothing. */
function memberPath(expression: Expression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind === 'member') return [...memberPath(expression.object), expression.field];
  return expression.kind === 'index' ? memberPath(expression.object) : [];
}

function typeOfArgument(expression: Expression, scope: Scope): CType | undefined {
  if (expression.kind === 'typeArgument') return resolveType(expression.type, scope);
  // A single word may be a typedef that the lowering took for a name.
  return expression.kind === 'name' ? scope.context.compiled.types.resolve({ kind: 'named', name: expression.name }) : undefined;
}

/**
 * Types by name: turns the `TypeName`s of the text into `CType`s, with the program's structs and typedefs first and the
 * dialect's after them, and knows the layout of structs (x86-64 or ILP32 ABI) as far as all fields are known.
 */
import type { Expression, Field, TypeBody, TypeName } from '../syntax/ast.ts';
import { basicType, type DataModel, ilp32, lp64 } from './basic-types.ts';
import { constantExpression } from './constant-expression.ts';
import { type CType, int, unknownType, unsignedInt } from './ctype.ts';
import { joinKeys, pathKey } from './key.ts';
import { type FieldInfo, layOut, type StructLayout } from './layout.ts';
import type { Dialect, Program } from './program.ts';
import { spelledType } from './type-spelling.ts';

/** How deep typedefs and declarators may be nested. */
const deepest = 100;
/** Larger structs are copied by looking at their cells. */
const mostLeaves = 40;

/** What only the place of a type's use knows: the type of `typeof(x)`. */
export type TypeOfExpression = (expression: Expression) => CType;

export class TypeTable {
  readonly model: DataModel;
  readonly #program: Program;
  readonly #dialect: Dialect;
  readonly #typedefs = new Map<string, CType>();
  readonly #bodies = new Map<string, TypeBody>();
  readonly #bodyNames = new WeakMap<TypeBody, string>();
  readonly #layouts = new Map<string, StructLayout | undefined>();
  readonly #leaves = new Map<string, readonly string[] | undefined>();
  #anonymous = 0;
  #depth = 0;

  constructor(program: Program, dialect: Dialect) {
    this.#program = program;
    this.#dialect = dialect;
    this.model = program.longBits === 64 ? lp64 : ilp32;
  }

  /** The type that `name` stands for; `typeOf` answers for `typeof(expression)`, which is unknown without it. */
  resolve(name: TypeName, typeOf?: TypeOfExpression): CType {
    if (this.#depth > deepest) return unknownType;
    this.#depth++;
    try {
      return this.#resolve(name, typeOf);
    } finally {
      this.#depth--;
    }
  }

  /** Whether the word is the name of a type. */
  isTypeName(word: string): boolean {
    return (
      this.#program.typedef(word) !== undefined || Object.hasOwn(this.#dialect.typedefs, word) || basicType(word, this.model) !== undefined
    );
  }

  /** The field of a struct or union, also through its anonymous members; `undefined` where it is not known. */
  field(type: CType, name: string): FieldInfo | undefined {
    return type.kind === 'struct' ? this.layout(type)?.fields.get(name) : undefined;
  }

  /** The layout of a struct or union whose body is known. */
  layout(type: CType): StructLayout | undefined {
    if (type.kind !== 'struct') return undefined;
    const key = `${type.tag} ${type.name}`;
    if (this.#layouts.has(key)) return this.#layouts.get(key);
    // A struct that contains itself has no layout: that is the answer while it is being computed.
    this.#layouts.set(key, undefined);
    const layout = this.#structLayout(type.tag, type.name);
    this.#layouts.set(key, layout);
    return layout;
  }

  /** `sizeof`, in bytes; `undefined` where the layout is not known. As GNU C has it, 1 for `void` and functions. */
  sizeOf(type: CType): number | undefined {
    switch (type.kind) {
      case 'void':
      case 'function':
        return 1;
      case 'integer':
        return Math.max(1, type.bits / 8);
      case 'pointer':
        return this.model.pointerSize;
      case 'array': {
        const size = this.sizeOf(type.of);
        return size === undefined || type.length === undefined ? undefined : size * type.length;
      }
      case 'struct':
        return this.layout(type)?.size;
      case 'unknown':
        return undefined;
    }
  }

  /** `_Alignof`, in bytes. */
  alignOf(type: CType): number | undefined {
    if (type.kind === 'array') return this.alignOf(type.of);
    if (type.kind === 'struct') return this.layout(type)?.align;
    const size = this.sizeOf(type);
    return size !== undefined && this.model.pointerSize === 4 ? Math.min(size, 4) : size;
  }

  /** The keys of all scalars in a struct that has few and nothing else; `undefined` for other types. */
  leafKeys(type: CType): readonly string[] | undefined {
    if (type.kind !== 'struct') return undefined;
    const id = `${type.tag} ${type.name}`;
    if (!this.#leaves.has(id)) this.#leaves.set(id, this.#newLeaves(type, ''));
    return this.#leaves.get(id);
  }

  #newLeaves(type: CType, key: string): readonly string[] | undefined {
    const layout = this.layout(type);
    if (!layout?.complete) return undefined;
    const keys: string[] = [];
    for (const { type: of, step } of layout.fields.values()) {
      const at = joinKeys(key, pathKey([step]));
      const inner = of.kind === 'struct' ? this.#newLeaves(of, at) : of.kind === 'integer' || of.kind === 'pointer' ? [at] : undefined;
      if (!inner || keys.length + inner.length > mostLeaves) return undefined;
      keys.push(...inner);
    }
    return keys;
  }

  #resolve(name: TypeName, typeOf: TypeOfExpression | undefined): CType {
    switch (name.kind) {
      case 'named':
        return this.#named(name.name);
      case 'tagged':
        return this.#tagged(name);
      case 'pointer':
        return { kind: 'pointer', to: this.resolve(name.to, typeOf) };
      case 'array': {
        const of = this.resolve(name.of, typeOf);
        const length = name.length && constantExpression(name.length, this.#program, this, typeOf);
        return length === undefined ? { kind: 'array', of } : { kind: 'array', of, length: Number(length) };
      }
      case 'function':
        return {
          kind: 'function',
          returns: this.resolve(name.returns, typeOf),
          parameters: name.parameters.map((parameter) => this.resolve(parameter.type, typeOf)),
        };
      case 'typeof':
        return typeOf?.(name.of) ?? unknownType;
      case 'unknown':
        return unknownType;
    }
  }

  #named(name: string): CType {
    const known = this.#typedefs.get(name);
    if (known) return known;
    // A typedef of itself is unknown.
    this.#typedefs.set(name, { kind: 'unknown', name });
    const type = this.#newNamed(name);
    this.#typedefs.set(name, type);
    return type;
  }

  #newNamed(name: string): CType {
    const own = this.#program.typedef(name);
    const spelled = own || !Object.hasOwn(this.#dialect.typedefs, name) ? undefined : this.#dialect.typedefs[name];
    if (!own && spelled === undefined) return basicType(name, this.model) ?? { kind: 'unknown', name };
    const type = this.resolve(own ?? spelledType(spelled ?? ''));
    return type.kind === 'integer' && type.bits !== 1 ? { ...type, name } : type;
  }

  #tagged(name: Extract<TypeName, { kind: 'tagged' }>): CType {
    if (name.tag === 'enum') return this.#isSignedEnum(name.body ?? this.#program.type('enum', name.name)?.type) ? int : unsignedInt;
    if (!name.body) return { kind: 'struct', tag: name.tag, name: name.name };
    let struct = this.#bodyNames.get(name.body);
    if (struct === undefined) {
      struct = name.name === '' ? `(unnamed ${++this.#anonymous})` : name.name;
      this.#bodyNames.set(name.body, struct);
      this.#bodies.set(`${name.tag} ${struct}`, name.body);
    }
    return { kind: 'struct', tag: name.tag, name: struct };
  }

  /** GNU C: an enum without negative values is an `unsigned int`. */
  #isSignedEnum(from: TypeBody | TypeName | undefined): boolean {
    const body = from?.kind === 'tagged' ? from.body : from;
    if (body?.kind !== 'enumerators') return false;
    return body.enumerators.some(({ value }) => value && (constantExpression(value, this.#program, this) ?? 0n) < 0n);
  }

  #structLayout(tag: 'struct' | 'union', name: string): StructLayout | undefined {
    const definition = this.#program.type(tag, name)?.type;
    const body = this.#bodies.get(`${tag} ${name}`) ?? (definition?.kind === 'tagged' ? definition.body : undefined);
    if (body?.kind === 'fields') return layOut(tag, this.#membersOf(body.fields), this);
    const outline = Object.hasOwn(this.#dialect.structs, name) ? this.#dialect.structs[name] : undefined;
    if (tag !== 'struct' || !outline) return undefined;
    const members = Object.entries(outline.fields).map(([field, type]) => ({ name: field, type: this.resolve(spelledType(type)) }));
    return outlined(layOut(tag, members, this), outline.size, outline.overlaid ?? []);
  }

  #membersOf(fields: readonly Field[]) {
    return fields.map((field) => {
      const bits = field.bits && constantExpression(field.bits, this.#program, this);
      return { name: field.name, type: this.resolve(field.type), ...(bits === undefined ? {} : { bits: Number(bits) }) };
    });
  }
}

/** Of an outline only the names and types are known: no field has an offset, and the size is the one given. */
function outlined(layout: StructLayout, size: number | undefined, overlaid: readonly (readonly string[])[]): StructLayout {
  const fields = new Map<string, FieldInfo>();
  for (const [name, field] of layout.fields) {
    const group = overlaid.find((names) => names.includes(name));
    fields.set(name, { name, type: field.type, step: group ? { kind: 'field', name, key: `.${group[0]}` } : { kind: 'field', name } });
  }
  return { fields, members: [...fields.values()], complete: false, ...(size === undefined ? {} : { size, align: 8 }) };
}

/**
 * Where the fields of a struct lie, by the System V ABI: offsets, padding, bit-fields, unions, anonymous members. Offsets
 * end where the first field of unknown size stands. Knows types only, no memory.
 */
import type { CType } from './ctype.ts';
import type { Step } from './value.ts';

export interface FieldInfo {
  readonly name: string;
  readonly type: CType;
  readonly step: FieldStep;
  /** In bytes from the start of the outermost struct; absent where a field before is of unknown size. */
  readonly offset?: number;
  /** Width of a bit-field. */
  readonly bits?: number;
}

export type FieldStep = Extract<Step, { readonly kind: 'field' }>;

export interface StructLayout {
  /** Every field that the struct's users can name, those of anonymous members included. */
  readonly fields: ReadonlyMap<string, FieldInfo>;
  /** The members in the order of the text, for initialisers; an anonymous one has an empty name. */
  readonly members: readonly FieldInfo[];
  /** False when there may be fields that nobody listed. */
  readonly complete: boolean;
  readonly size?: number;
  readonly align?: number;
}

export interface Member {
  readonly name: string;
  readonly type: CType;
  readonly bits?: number;
}

/** The questions that a layout asks about the types of its members. */
export interface Sizes {
  sizeOf(type: CType): number | undefined;
  alignOf(type: CType): number | undefined;
  layout(type: CType): StructLayout | undefined;
}

/** Lays the members out in their order, or one over the other for a union. */
export function layOut(tag: 'struct' | 'union', members: readonly Member[], sizes: Sizes): StructLayout {
  const fields = new Map<string, FieldInfo>();
  const listed: FieldInfo[] = [];
  /** Next free bit; `undefined` after a member of unknown size. */
  let bit: number | undefined = 0;
  let largest: number | undefined = 0;
  let align: number | undefined = 1;
  let complete = true;
  for (const [index, member] of members.entries()) {
    // An array without a length is flexible at the end; anywhere else its length is a constant that nobody knows.
    const size = isFlexible(member.type) && index === members.length - 1 ? 0 : sizes.sizeOf(member.type);
    const memberAlign = sizes.alignOf(member.type);
    const start: number | undefined = tag === 'union' ? 0 : startBit(bit, size, memberAlign, member.bits);
    const field = fieldInfo(member, tag === 'union', start);
    listed.push(field);
    if (member.name !== '') fields.set(member.name, field);
    else complete = addAnonymous(fields, field, tag, sizes) && complete;
    bit = start === undefined || size === undefined ? undefined : start + (member.bits ?? size * 8);
    largest = largest === undefined || bit === undefined ? undefined : Math.max(largest, bit);
    if (member.bits !== 0) align = align === undefined || memberAlign === undefined ? undefined : Math.max(align, memberAlign);
  }
  const size = largest === undefined || align === undefined ? {} : { size: roundUp(Math.ceil(largest / 8), align), align };
  return { fields, members: listed, complete, ...size };
}

function fieldInfo(member: Member, inUnion: boolean, start: number | undefined): FieldInfo {
  const { name, type, bits } = member;
  // Bit-fields share bytes with their neighbours, so that only the name tells them apart.
  const offset = start === undefined || bits !== undefined ? undefined : start / 8;
  const step: FieldStep =
    offset !== undefined
      ? { kind: 'field', name, offset }
      : inUnion || name === ''
        ? { kind: 'field', name, key: '' }
        : { kind: 'field', name, ...(bits === undefined || start === undefined ? {} : { bits: { first: start, width: bits } }) };
  return { name, type, step, ...(offset === undefined ? {} : { offset }), ...(bits === undefined ? {} : { bits }) };
}

/** Makes the members of an anonymous member members of the outer struct; false when its body is not known. */
function addAnonymous(fields: Map<string, FieldInfo>, anonymous: FieldInfo, outer: 'struct' | 'union', sizes: Sizes): boolean {
  const layout = sizes.layout(anonymous.type);
  if (!layout) return anonymous.bits !== undefined;
  const isUnion = anonymous.type.kind === 'struct' && anonymous.type.tag === 'union';
  // Without an offset the members of an anonymous union share the key of the first one; in a union that of the union.
  const first = layout.fields.keys().next().value;
  const shared = outer === 'union' ? '' : `.${first}`;
  for (const [name, field] of layout.fields) {
    const { type, bits, offset: inner } = field;
    const offset = anonymous.offset === undefined || inner === undefined ? undefined : anonymous.offset + inner;
    const sharesStorage = isUnion || (outer === 'union' && name === first);
    const step: FieldStep =
      offset !== undefined
        ? { kind: 'field', name, offset }
        : sharesStorage
          ? { kind: 'field', name, key: shared }
          : { kind: 'field', name, ...movedBits(field.step, anonymous.offset) };
    fields.set(name, { name, type, step, ...(offset === undefined ? {} : { offset }), ...(bits === undefined ? {} : { bits }) });
  }
  return layout.complete;
}

/** Where a bit-field of an anonymous member lies in the outer struct. */
function movedBits({ bits }: FieldStep, offset: number | undefined): Pick<FieldStep, 'bits'> {
  return bits === undefined || offset === undefined ? {} : { bits: { ...bits, first: bits.first + 8 * offset } };
}

/** The first bit of the next member of a struct. A bit-field stays within one unit of its declared type. */
function startBit(
  bit: number | undefined,
  size: number | undefined,
  align: number | undefined,
  bits: number | undefined,
): number | undefined {
  if (bit === undefined || align === undefined) return bit === 0 ? 0 : undefined;
  if (bits === undefined) return roundUp(bit, align * 8);
  if (size === undefined) return undefined;
  const unit = size * 8;
  const fits = Math.floor(bit / unit) === Math.floor((bit + bits - 1) / unit);
  return bits > 0 && fits ? bit : roundUp(bit, unit);
}

function isFlexible(type: CType): boolean {
  return type.kind === 'array' && type.length === undefined;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/**
 * C strings in the driver's memory: what lies behind a pointer up to its NUL, and text that is put there. Literals have their characters
 * and no pages; everything else is bytes of kernel memory. Knows no function of the kernel.
 */
import type { IntegerType } from '../../execution/ctype.ts';
import { forget } from '../../execution/memory.ts';
import { keyOf, shifted } from '../../execution/place.ts';
import { constant, constantOf } from '../../execution/term.ts';
import type { Place, PointerValue } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import type { KernelMemory } from './kernel-memory.ts';

/** Longer strings are not followed. Bytes. */
const longest = 0x1_0000;

const char: IntegerType = { kind: 'integer', bits: 8, signed: true, name: 'char' };

/** The bytes of text; each character is one. */
export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

function textOfBytes(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The bytes of a string literal from a place on, with the NUL at its end; `undefined` for other memory. */
function literalAt({ object, ...place }: Place): string | undefined {
  if (object.text === undefined) return undefined;
  const key = keyOf({ object, ...place });
  const index = key === '' ? 0 : /^\+\d+$/.test(key) ? Number(key.slice(1)) : undefined;
  return index === undefined ? undefined : `${object.text}\0`.slice(index);
}

/** `length` bytes from a place on, zeros behind the end of a literal; `undefined` beyond the end of its memory. */
export function bytesAt(memory: KernelMemory, place: Place, length: number): Uint8Array | undefined {
  const literal = literalAt(place);
  if (literal !== undefined) return bytesOfText(literal.padEnd(length, '\0').slice(0, length));
  return memory.readBytes(place, length);
}

/** The string at a place, without its NUL; `most` bytes are looked at. `undefined` where nobody knows what lies there. */
export function textAt(memory: KernelMemory, machine: Machine, place: Place, most = longest): string | undefined {
  const limit = Math.min(most, longest);
  const literal = literalAt(place);
  const text = literal ?? (memory.allocationOf(place.object) ? textInPages(memory, place, limit) : textInCells(machine, place, limit));
  if (text === undefined) return undefined;
  const end = text.indexOf('\0');
  return text.slice(0, Math.min(end < 0 ? text.length : end, most));
}

function textInPages(memory: KernelMemory, place: Place, most: number): string | undefined {
  const offset = memory.offsetOf(place);
  if (offset === undefined) return undefined;
  const room = Number(memory.backing(place.object).bytes) - offset;
  const bytes = room > 0 ? memory.readBytes(place, Math.min(room, most)) : undefined;
  const end = bytes?.indexOf(0) ?? -1;
  return bytes && textOfBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Longer strings of variables are not followed. Bytes. */
const longestInCells = 256;

/** The string in a variable of the driver, or in zeroed memory without pages; what is only assumed holds no text that anybody knows. */
function textInCells(machine: Machine, place: Place, most: number): string | undefined {
  const { origin } = place.object;
  const isKnown = origin.kind === 'global' || origin.kind === 'local' || (origin.kind === 'allocated' && origin.zeroed);
  if (!isKnown) return undefined;
  let text = '';
  for (let index = 0; index < Math.min(most, longestInCells); index++) {
    const value = machine.read(characterAt(place, index).place, char);
    const code = value.kind === 'integer' ? constantOf(value.term) : undefined;
    if (code === undefined) return undefined;
    if (code === 0n) break;
    text += String.fromCharCode(Number(code & 0xffn));
  }
  return text;
}

/** Puts bytes at a place; what C knew of them is forgotten. */
export function putBytes(memory: KernelMemory, place: Place, bytes: Uint8Array): void {
  forget(place, bytes.length);
  memory.writeBytes(place, bytes);
}

/** The pointer to the byte `index` behind another. */
export function characterAt(place: Place, index: number): PointerValue {
  return { kind: 'pointer', place: index === 0 ? place : shifted(place, constant(index), 1, char), pointee: char };
}

/** What a statement of the scenario language is, and what several statements have in common. Knows no statement. */
import type { Action, UserAddress } from '../model.ts';
import type { NameKind, Words } from '../words.ts';

export interface StatementForm {
  readonly name: string;
  readonly syntax: string;
  readonly help: string;
  /** Lines that show it; the tests run them on a driver. */
  readonly example: string;
  /** Reads the words after the name. `name` is the word before `=`, where there is one. */
  readonly parse: (words: Words, name: string | undefined) => Action;
  /** What `NAME =` before it makes; absent: it stands without. */
  readonly makes?: { readonly kind: NameKind; readonly required: boolean };
}

/** `{ key: undefined }` without the key: optional properties are absent, never undefined. */
export function defined<Part extends object>(part: Part): { readonly [Key in keyof Part]?: Exclude<Part[Key], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof Part]?: Exclude<Part[Key], undefined>;
  };
}

/** `len N` */
export function optionalLength(words: Words, most?: bigint): bigint | undefined {
  return words.accept('len') ? words.length('The length', most) : undefined;
}

/** `ADDRESS [len N]` */
export function range(words: Words, most?: bigint): { readonly address: UserAddress; readonly length?: bigint } {
  const address = words.address('The address');
  return { address, ...defined({ length: optionalLength(words, most) }) };
}

/** `of FILE` */
export function optionalFile(words: Words): { readonly of?: string } {
  return words.accept('of') ? { of: words.known(['file'], 'The file') } : {};
}

/** `at ADDRESS` */
export function atAddress(words: Words): UserAddress {
  words.expectWord('at');
  return words.address('The address');
}

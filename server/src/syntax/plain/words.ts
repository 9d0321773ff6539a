/** What each reserved word of C begins or says, for reading plain C. Tables only. */

/** Symbols of tokens that are no punctuators; those are `code()` of their characters, above 0. */
export const Token = {
  end: 0,
  name: -1,
  number: -2,
  string: -3,
  character: -4,
  primitive: -5,
  sized: -6,
  struct: -7,
  union: -8,
  enum: -9,
  storage: -10,
  qualifier: -11,
  typedef: -12,
  sizeof: -13,
  true: -14,
  false: -15,
  null: -16,
  if: -17,
  else: -18,
  while: -19,
  do: -20,
  for: -21,
  switch: -22,
  case: -23,
  default: -24,
  return: -25,
  goto: -26,
  break: -27,
  continue: -28,
  asm: -29,
  /** What plain C has no place for: left to the grammar. */
  strange: -30,
} as const;

const spelled: readonly (readonly [number, string])[] = [
  [
    Token.primitive,
    'void char int float double bool size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t int8_t int16_t int32_t ' +
      'int64_t uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t',
  ],
  [Token.sized, 'signed unsigned long short'],
  [Token.struct, 'struct'],
  [Token.union, 'union'],
  [Token.enum, 'enum'],
  [Token.storage, 'extern static auto register inline __inline __inline__'],
  [Token.qualifier, 'const volatile'],
  [Token.typedef, 'typedef'],
  [Token.sizeof, 'sizeof'],
  [Token.true, 'true TRUE'],
  [Token.false, 'false FALSE'],
  [Token.null, 'NULL'],
  [Token.if, 'if'],
  [Token.else, 'else'],
  [Token.while, 'while'],
  [Token.do, 'do'],
  [Token.for, 'for'],
  [Token.switch, 'switch'],
  [Token.case, 'case'],
  [Token.default, 'default'],
  [Token.return, 'return'],
  [Token.goto, 'goto'],
  [Token.break, 'break'],
  [Token.continue, 'continue'],
  [Token.asm, 'asm __asm__ __asm'],
  [
    Token.strange,
    '__forceinline thread_local __thread restrict __restrict __restrict__ __extension__ _Atomic _Noreturn noreturn _Nonnull constexpr alignas ' +
      '_Alignas alignof __alignof__ __alignof _alignof _Alignof offsetof _Generic _Static_assert nullptr __volatile__ ' +
      '__attribute__ __attribute __declspec __based __cdecl __clrcall __stdcall __fastcall __thiscall __vectorcall _unaligned __unaligned ' +
      '__restrict__ __try __except __finally __leave',
  ],
];

/** The symbol of each reserved word; every other word is a name. */
export const tokenOfWord: ReadonlyMap<string, number> = new Map(
  spelled.flatMap(([symbol, words]) => words.split(' ').map((word) => [word, symbol] as const)),
);

/** Whether a symbol is that of a word, reserved or not. */
export function isWord(symbol: number): boolean {
  return symbol === Token.name || symbol <= Token.primitive;
}

/** Conditions of `#if`: the preprocessor arithmetic, versions and options that decide them. */
import { describe, expect, it } from 'vitest';
import { type ConditionMacro, evaluateCondition, isDefined } from '../../server/src/syntax/conditions.ts';
import type { SyntaxTarget } from '../../server/src/syntax/target.ts';

const target: SyntaxTarget = {
  version: { major: 6, minor: 1, patch: 170 },
  config: new Map([
    ['CONFIG_OFF', 'n'],
    ['CONFIG_MODULAR', 'm'],
    ['CONFIG_COUNT', '12'],
  ]),
};

function holds(text: string, macros: Readonly<Record<string, ConditionMacro>> = {}): boolean {
  return evaluateCondition(text, target, (name) => macros[name]) !== 0n;
}

describe('conditions', () => {
  it.each([
    ['1 + 2 * 3 == 7', true],
    ['(1 << 4) > 0xf && 010 == 8', true],
    ['-1 < 0 ? 0 : 1', false],
    ['!0 && ~0 == -1', true],
    ["'A' == 65", true],
    ['7 / 2 == 3 && 7 % 0 == 0', true],
    ['1 || (', true],
    ['', false],
  ])('computes %s', (text, expected) => expect(holds(text)).toBe(expected));

  it.each([
    ['LINUX_VERSION_CODE >= KERNEL_VERSION(6,1,0)', true],
    ['LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)', true],
    ['LINUX_VERSION_CODE >= KERNEL_VERSION(6,12,0)', false],
    ['KERNEL_VERSION(4,4,300) == KERNEL_VERSION(4,4,255)', true],
  ])('compares versions: %s', (text, expected) => expect(holds(text)).toBe(expected));

  it.each([
    ['defined(CONFIG_ANYTHING)', true],
    ['defined CONFIG_OFF', false],
    ['CONFIG_COUNT > 10', true],
    ['IS_ENABLED(CONFIG_MODULAR) && !IS_BUILTIN(CONFIG_MODULAR)', true],
    ['IS_MODULE(CONFIG_MODULAR)', true],
    ['IS_REACHABLE(CONFIG_OFF)', false],
    ['defined(CONFIG_MODULAR_MODULE)', true],
    ['defined(CONFIG_MODULAR)', false],
    ['defined(CONFIG_ANYTHING_MODULE)', false],
    ['defined(CONFIG_PPC64)', false],
    ['defined(CONFIG_X86)', true],
    ['BITS_PER_LONG == 64 && PAGE_SIZE == 4096', true],
    ['defined(__KERNEL__) && defined(MODULE)', true],
    ['UNKNOWN_NAME', false],
    ['UNKNOWN_CALL(3, 4) >= 2', false],
  ])('reads the configuration: %s', (text, expected) => expect(holds(text)).toBe(expected));

  it('expands the macros of the file, with parameters', () => {
    const macros = { LIMIT: { body: ' (BASE + 1)' }, BASE: { body: '4' }, TWICE: { parameters: ['n'], body: '((n) * 2)' } };
    expect(holds('LIMIT == 5 && TWICE(LIMIT) == 10', macros)).toBe(true);
  });

  it('ends on macros that name themselves or each other', () => {
    expect(holds('A', { A: { body: 'A' } })).toBe(false);
    const doubling = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`D${index}`, { body: `D${index + 1} + D${index + 1}` }]));
    expect(holds('D0', doubling)).toBe(false);
  });

  it('knows what is defined', () => {
    const none = () => undefined;
    expect(isDefined('LINUX_VERSION_CODE', target, none)).toBe(true);
    expect(isDefined('NOT_THERE', target, none)).toBe(false);
    const gone = () => 'removed' as const;
    expect(isDefined('CONFIG_FOO', target, none)).toBe(true);
    expect(isDefined('CONFIG_FOO', target, gone)).toBe(false);
    expect(evaluateCondition('IS_ENABLED(CONFIG_FOO) || CONFIG_FOO', target, none)).toBe(1n);
    expect(evaluateCondition('IS_ENABLED(CONFIG_FOO) || CONFIG_FOO', target, gone)).toBe(0n);
  });
});

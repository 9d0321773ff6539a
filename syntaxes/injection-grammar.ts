/** The TextMate injection that colours mapping calls, page protections, locks and `VM_` flags in C, made from the kernel facts. */
import locks from '../server/src/kernel/facts/locks.json' with { type: 'json' };
import mappingCalls from '../server/src/kernel/facts/mapping-calls.json' with { type: 'json' };
import obsoleteCalls from '../server/src/kernel/facts/obsolete-calls.json' with { type: 'json' };
import types from '../server/src/kernel/facts/types-and-fields.json' with { type: 'json' };
import flags from '../server/src/kernel/facts/vm-flags.json' with { type: 'json' };

/** The C identifiers in the names of facts: some facts tell of several calls at once, some have a name that is no identifier. */
export function identifiersOf(facts: readonly { readonly name: string }[]): readonly string[] {
  const names = facts.flatMap(({ name }) => name.split(' / ')).filter((name) => /^[A-Za-z_]\w*$/.test(name));
  return [...new Set(names)].sort();
}

const callPattern = (names: readonly string[]): string => `\\b(?:${names.join('|')})\\b(?=\\s*\\()`;

/** The whole grammar, ready to be written as JSON. */
export function injectionGrammar(): object {
  const protections = identifiersOf(types).filter((name) => name.startsWith('pgprot_'));
  return {
    scopeName: 'driver-mmap.injection',
    injectionSelector: 'L:source.c -comment -string, L:source.cpp -comment -string',
    patterns: [
      { name: 'support.function.mapping.driver-mmap', match: callPattern(identifiersOf(mappingCalls)) },
      { name: 'invalid.deprecated.mapping.driver-mmap', match: callPattern(identifiersOf(obsoleteCalls)) },
      { name: 'support.function.protection.driver-mmap', match: callPattern(protections) },
      { name: 'support.function.lock.driver-mmap', match: callPattern(identifiersOf(locks)) },
      { name: 'support.constant.vm-flag.driver-mmap', match: `\\b(?:${identifiersOf(flags).join('|')})\\b` },
      { name: 'support.constant.vm-fault.driver-mmap', match: '\\bVM_FAULT_[A-Z_]+\\b' },
    ],
  };
}

/** The TextMate injection that colours mapping calls, page protections, locks and `VM_` flags in C, made from the kernel facts. */
import type { Fact } from '../server/src/kernel/fact.ts';
import { allFacts, subjectIndex } from '../server/src/kernel/lookup.ts';

/** The identifiers of the facts that `accepts` takes, sorted. */
function namesOf(accepts: (fact: Fact) => boolean): readonly string[] {
  const names = allFacts()
    .filter(accepts)
    .map(({ name }) => name)
    .filter((name) => /^[A-Za-z_]\w*$/.test(name));
  return [...new Set(names)].sort();
}

/** A call that takes a vma, a vm_fault or a vm_area_desc in some version. */
const takesMapping = (fact: Fact): boolean =>
  fact.kind === 'call' && fact.prototypes.some((prototype) => subjectIndex(prototype) !== undefined);

const callPattern = (names: readonly string[]): string => `\\b(?:${names.join('|')})\\b(?=\\s*\\()`;

/** The whole grammar, ready to be written as JSON. */
export function injectionGrammar(): object {
  const calls = namesOf((fact) => takesMapping(fact) && !fact.obsolete);
  const oldCalls = namesOf((fact) => fact.kind === 'call' && fact.obsolete);
  const locks = namesOf((fact) => fact.kind === 'lock' && (fact.of === 'mmap' || fact.of === 'vma'));
  const protections = namesOf((fact) => fact.kind === 'pgprot');
  const flags = namesOf((fact) => fact.kind === 'flag' && fact.family === 'vma');
  return {
    scopeName: 'driver-mmap.injection',
    injectionSelector: 'L:source.c -comment -string, L:source.cpp -comment -string',
    patterns: [
      { name: 'support.function.mapping.driver-mmap', match: callPattern(calls) },
      { name: 'invalid.deprecated.mapping.driver-mmap', match: callPattern(oldCalls) },
      { name: 'support.function.protection.driver-mmap', match: callPattern(protections) },
      { name: 'support.function.lock.driver-mmap', match: callPattern(locks) },
      { name: 'support.constant.vm-flag.driver-mmap', match: `\\b(?:${flags.join('|')})\\b` },
      { name: 'support.constant.vm-fault.driver-mmap', match: '\\bVM_FAULT_[A-Z_]+\\b' },
    ],
  };
}

/**
 * Scenarios that are written as one text: `@ MODULE` begins a module, `== NAME` a scenario, every other line is a statement of it;
 * `~~ PAGES OFFSET SHARING PROT SEED COUNT` stands for so many random walks over a mapping.
 */
import type { KernelScenario, Subject } from './scenario.ts';
import { wander } from './walks.ts';

/** Walks after a mapping, as the words of a `~~` line say. */
function walksOf(module: string, line: string): readonly KernelScenario[] {
  const [pages, offset, sharing, prot, seed, count] = line.split(/\s+/);
  const subject: Subject = {
    module,
    variant: `at${offset}`,
    pages: Number(pages),
    offset: Number(offset),
    sharing: sharing as Subject['sharing'],
    prot: prot as Subject['prot'],
    open: 'rw',
  };
  return Array.from({ length: Number(count) }, (_, index) => wander(subject, `${seed}${index}`));
}

/** All scenarios of such a text, in its order. */
export function scenariosOf(text: string): readonly KernelScenario[] {
  const scenarios: KernelScenario[] = [];
  let module = '';
  for (const part of text.split(/^(?=@ |== |~~ )/m)) {
    const [head = '', ...rest] = part.trim().split('\n');
    const [, mark, what = ''] = /^(@|==|~~) (.*)$/.exec(head) ?? [];
    if (mark === '@') module = what;
    if (mark === '~~') scenarios.push(...walksOf(module, what));
    if (mark === '==') scenarios.push({ module, name: what, text: rest.join('\n') });
  }
  return scenarios;
}

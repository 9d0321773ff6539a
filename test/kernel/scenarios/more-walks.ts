/** Random walks of programs over mappings of the plainer modules. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

/** Module, pages, offset in pages, and whether private mappings work, too. */
const walked: readonly (readonly [string, number, number, 'both' | 'shared', ('rw' | 'r')?])[] = [
  ['dirty-log', 4, 0, 'shared'],
  ['guard-pages', 8, 0, 'both'],
  ['relocator', 4, 0, 'both'],
  ['half-and-half', 5, 0, 'shared'],
  ['on-behalf', 3, 0, 'both'],
  ['own-view', 3, 0, 'both'],
  ['own-view', 3, 4, 'shared'],
  ['plain-remap', 5, 0, 'both'],
  ['plain-insert', 6, 0, 'both'],
  ['plain-fault', 6, 0, 'both'],
  ['mkwrite-plain', 4, 0, 'both'],
  ['flagger', 2, 0, 'both'],
  ['flagger', 3, 1, 'both'],
  ['odd-window', 3, 0, 'both'],
  ['two-views', 4, 16, 'both'],
  ['block-references', 4, 0, 'both'],
  ['block-references', 4, 4, 'both'],
  ['owners', 4, 0, 'both'],
  ['refill', 4, 0, 'both'],
  ['debug-view', 2, 8, 'both'],
  ['follows', 4, 0, 'both'],
  ['follows', 4, 1, 'shared'],
  ['steps', 4, 0, 'both'],
  ['banks', 2, 0, 'shared'],
  ['busy-fault', 2, 0, 'both'],
  ['fake-offset', 4, 0x100, 'both'],
  ['fake-offset', 4, 0x200, 'shared'],
  ['turncoat', 3, 0, 'both'],
  ['turncoat', 3, 1, 'both'],
  ['sample-ring', 5, 0, 'both', 'r'],
  ['crossing', 4, 0, 'both'],
  ['pmd-window', 600, 0, 'shared'],
];

export const moreWalks: readonly KernelScenario[] = scenariosOf(
  walked
    .map(([module, pages, offset, sharing, prot = 'rw'], index) => {
      const ways = sharing === 'both' ? ['shared', 'private'] : ['shared'];
      return `@ ${module}\n${ways.map((way) => `~~ ${pages} ${offset} ${way} ${prot} q${index} 2\n`).join('')}`;
    })
    .join(''),
);

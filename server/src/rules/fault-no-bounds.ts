/** `fault-no-bounds`: a fault handler takes what it maps from beyond its buffer, because nobody compares the offset. */
import type { Driver } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { isFault, unboundedIndex } from './support/bounds/fault-index.ts';
import { insertingBefore, noFix, textAt } from './support/fixes/fixes.ts';

import { mmapOf, unboundedBy } from './support/mapping-of-table.ts';
import { dependsOnOffset } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { typeOf, usesOf } from './support/text/uses.ts';

export const faultNoBounds: Rule = {
  name: 'fault-no-bounds',
  severity: 'error',
  summary: 'A fault handler looks a page up by the offset of the fault, and nothing bounds the offset.',
  check(context) {
    const { driver, entries } = context;
    const { version } = driver.target;
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (!handler?.defined || !isFault(handler)) return [];
      const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
      const found = mapping && unboundedIndex(entry, version);
      const by = found && unboundedBy(driver, mapping);
      if (!mapping || !found || !by) return [];
      // What counts from the start of the vma is where the offset left it: the length bounds it.
      if (by === 'offset' && !dependsOnOffset(entry, found.index)) return [];
      const message = `The offset of the fault chooses what \`${handler.function}()\` maps, and neither it nor \`${mapping.entry.entry.function}()\` compares the offset with the buffer: ${far[by]} reads what lies behind it. Answer offsets beyond the buffer with VM_FAULT_SIGBUS.`;
      const fixes = comparing(driver, handler.function);
      return [reportOn({ entry, event: found.event }, found.span, message, { fixes })];
    });
  },
};

/** How a program comes to such an offset. */
const far = { length: 'a long mapping', offset: 'a mapping at a large offset' } as const;

/** Where the handler looks up `array[vmf->pgoff]` in an array whose length is declared: compares before anything is done. */
function comparing(driver: Driver, handler: string): readonly ReportFix[] {
  const uses = usesOf(driver, handler);
  const statements = uses?.function.body.statements ?? [];
  const first = statements.find(({ kind }) => kind !== 'declaration');
  if (!uses || !first) return noFix;
  const lookUps = uses.expressions.filter((each) => each.kind === 'index');
  for (const { object, index } of lookUps) {
    const base = object.kind === 'member' && object.object.kind === 'name' ? object.object.name : undefined;
    // What leads to the array is known before the first statement.
    const isSet = statements.some(
      (each) => each.kind === 'declaration' && each.declarators.some(({ name, initializer }) => name === base && initializer !== undefined),
    );
    const [array, offset] = [object, index].map(({ span }) => textAt(driver, { file: uses.file, span }));
    const type = typeOf(uses, driver, object);
    if (!isSet || type?.kind !== 'array' || !type.length || !/^\w+->pgoff$/.test(offset ?? '')) continue;
    const lines = [`if (${offset} >= ARRAY_SIZE(${array}))`, '\treturn VM_FAULT_SIGBUS;'];
    return insertingBefore(driver, { file: uses.file, span: first.span }, lines, {
      title: `Answer offsets behind ${array} with VM_FAULT_SIGBUS`,
    });
  }
  return noFix;
}

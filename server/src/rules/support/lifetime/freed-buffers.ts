/** Whether a function that frees a buffer asks first whether it is mapped, or only takes back what it has just made. */
import type { Driver } from '../../../driver/model.ts';
import { type Chain, calleesOf, usesOfChain } from '../text/call-chains.ts';
import { usesOf } from '../text/uses.ts';

/** Calls that take mappings down. */
export const unmapping = /^(?:unmap_mapping_\w+|zap_\w+)$/;

/** The fields by which mmap, open and close of a mapping leave word of it. */
export function notedFields(driver: Driver): ReadonlySet<string> {
  const fields = new Set<string>();
  const starts = driver.handlers.filter(({ kind }) => kind === 'mmap' || kind === 'open' || kind === 'close').map((each) => each.function);
  const seen = new Set(starts);
  for (const name of seen) {
    for (const callee of calleesOf(driver, name)) seen.add(callee);
    for (const each of usesOf(driver, name)?.expressions ?? []) {
      if (each.kind === 'assignment' && each.target.kind === 'member') fields.add(each.target.field);
      if (each.kind === 'update' && each.operand.kind === 'member') fields.add(each.operand.field);
      if (each.kind !== 'call' || each.callee.kind !== 'name' || !/inc|add|get|set|list_/.test(each.callee.name)) continue;
      for (const argument of each.arguments)
        if (argument.kind === 'addressOf' && argument.operand.kind === 'member') fields.add(argument.operand.field);
    }
  }
  return fields;
}

/** Whether a function of the chain takes mappings down, or asks for something that mmap or open has noted. */
export function isGuarded(driver: Driver, chain: Chain, noted: ReadonlySet<string>): boolean {
  return usesOfChain(driver, chain).some((uses) =>
    uses.expressions.some((each) => {
      if (each.kind === 'member') return noted.has(each.field);
      return each.kind === 'call' && each.callee.kind === 'name' && (unmapping.test(each.callee.name) || counting.test(each.callee.name));
    }),
  );
}

/** Calls that drop a reference, and free when it was the last. */
const counting = /_dec_and_(?:test|lock|mutex_lock)$|^kref_put\w*$/;

/** Whether the chain is the way back of a function that allocates first and frees when something fails. */
export function isCleanUp(driver: Driver, { functions }: Chain, field: string): boolean {
  const makers = new Set(driver.sourcesOf(undefined, field).map((source) => source.function));
  return functions.slice(0, -1).some((name, index) => {
    const next = functions[index + 1];
    const calls = (usesOf(driver, name)?.expressions ?? []).flatMap((each) =>
      each.kind === 'call' && each.callee.kind === 'name' ? [each.callee.name] : [],
    );
    const freed = next === undefined ? -1 : calls.indexOf(next);
    return calls.slice(0, Math.max(freed, 0)).some((callee) => callee !== next && (makers.has(callee) || leadsTo(driver, callee, makers)));
  });
}

function leadsTo(driver: Driver, start: string, wanted: ReadonlySet<string>): boolean {
  const near = driver.text.functionsReaching(wanted);
  const seen = new Set([start]);
  for (const name of seen) {
    if (wanted.has(name)) return true;
    if (near.has(name)) for (const callee of calleesOf(driver, name)) seen.add(callee);
  }
  return false;
}

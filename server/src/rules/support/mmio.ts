/**
 * Whether a pfn or a physical address is one of device registers, as the driver's own text tells: it comes from a resource of the
 * device, or from a field that the driver fills from one or hands to ioremap(). Where the field may also be memory, nobody says so.
 */
import type { Driver } from '../../driver/model.ts';
import type { SymbolInfo, Term } from '../../execution/term.ts';
import { symbolsOf } from '../../execution/term-evaluate.ts';
import type { Expression } from '../../syntax/ast.ts';
import { walkExpression } from '../../syntax/walk.ts';
import { lastName } from './mapped-memory.ts';
import { usesIn } from './uses.ts';

/** Calls that give the physical address of registers. */
const resourceCalls: ReadonlySet<string> = new Set(['pci_resource_start', 'pci_bus_address']);
/** Calls that map registers for the driver itself: memory is mapped with memremap() or ioremap_cache(). */
const registerMaps = /^(?:devm_)?ioremap(?:_nocache|_wc|_uc|_np)?$|^(?:devm_)?request_mem_region$/;
/** Calls whose result is the address of memory. */
const memoryCalls = /^(?:virt_to_\w+|__pa|page_to_\w+|vmalloc_to_pfn|dma_\w+|pci_alloc_consistent|__get_free_pages?)$/;

/** What the code calls the address of registers in `number`; `undefined` for memory, and where nobody can say. */
export function registersIn(driver: Driver, number: Term): string | undefined {
  const symbols = [...symbolsOf(number).values()];
  if (symbols.some(({ name }) => memoryCalls.test(name)) || hasTranslation(number)) return undefined;
  return symbols.find((symbol) => isRegisters(driver, symbol))?.name;
}

function hasTranslation(term: Term): boolean {
  if (term.kind !== 'operation') return false;
  return (term.operator === 'apply' && memoryCalls.test(term.name ?? '')) || term.operands.some(hasTranslation);
}

const known = new WeakMap<Driver, Map<string, boolean>>();

function isRegisters(driver: Driver, { name, origin, control, role }: SymbolInfo): boolean {
  if (control === 'user' || role === 'length' || role === 'count') return false;
  if (origin !== undefined && resourceCalls.has(origin)) return true;
  if (/\bresource\[[^\]]*\]\.start$/.test(name)) return true;
  if (!/(?:->|\.)\w+(?:\[[^\]]*\])*$/.test(name)) return false;
  const field = lastName(name);
  const answers = known.get(driver) ?? new Map<string, boolean>();
  known.set(driver, answers);
  let answer = answers.get(field);
  if (answer === undefined) {
    answer = isRegisterField(driver, field);
    answers.set(field, answer);
  }
  return answer;
}

/** A field that is filled from resources alone, or is handed to ioremap() and never filled with memory. */
function isRegisterField(driver: Driver, field: string): boolean {
  const values = driver.sourcesOf(undefined, field).map(({ value }) => value);
  if (values.some(namesMemory)) return false;
  const filled = values.filter((value) => value.kind !== 'number');
  return (filled.length > 0 && filled.every(namesResource)) || isMappedByDriver(driver, field);
}

function namesMemory(value: Expression): boolean {
  return some(value, (each) => each.kind === 'call' && each.callee.kind === 'name' && memoryCalls.test(each.callee.name));
}

function namesResource(value: Expression): boolean {
  return some(
    value,
    (each) =>
      (each.kind === 'call' && each.callee.kind === 'name' && resourceCalls.has(each.callee.name)) ||
      (each.kind === 'member' && each.field === 'start' && isResourceName(each.object)),
  );
}

function isResourceName(object: Expression): boolean {
  const name = object.kind === 'name' ? object.name : object.kind === 'member' ? object.field : object.kind === 'index' ? '' : undefined;
  if (object.kind === 'index') return isResourceName(object.object);
  return name !== undefined && /^(?:\w*_)?res(?:ource)?s?\d*$|^mem(?:_?res)?$|^r$/.test(name);
}

function isMappedByDriver(driver: Driver, field: string): boolean {
  return usesIn(driver, /\bioremap|\brequest_mem_region/).some((uses) =>
    uses.expressions.some(
      (each) =>
        each.kind === 'call' &&
        each.callee.kind === 'name' &&
        registerMaps.test(each.callee.name) &&
        each.arguments.slice(0, 2).some((argument) => argument.kind === 'member' && argument.field === field),
    ),
  );
}

function some(value: Expression, test: (each: Expression) => boolean): boolean {
  let found = false;
  walkExpression(value, {
    expression: (each) => {
      found ||= test(each);
    },
  });
  return found;
}

/**
 * Whether a pfn or a physical address is one of device registers, as the driver's own text tells: it comes from a resource of the
 * device, or from a field that the driver fills from one or hands to ioremap(). Where the field may also be memory, nobody says so.
 */
import { perDriver } from '../../../driver/asked-driver.ts';
import type { Driver } from '../../../driver/model.ts';
import type { SymbolInfo, Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';
import { usesIn } from '../text/uses.ts';
import { lastName, valuesOfLocal } from './mapped-memory.ts';

/** Calls that give the physical address of registers. */
const resourceCalls: ReadonlySet<string> = new Set(['pci_resource_start', 'pci_bus_address']);
/** Calls that map registers for the driver itself: memory is mapped with memremap() or ioremap_cache(). */
const registerMaps = /^(?:devm_)?ioremap(?:_nocache|_wc|_uc|_np)?$|^(?:devm_)?request_mem_region$/;
/** Calls that map memory for the driver itself. */
const memoryMaps = /^(?:devm_)?(?:memremap|ioremap_cache)$/;
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

/** Whether a field holds the address of registers, looked up once for each field. */
const registerFields = perDriver((driver): ((field: string) => boolean) => {
  const answers = new Map<string, boolean>();
  return (field) => {
    const answer = answers.get(field) ?? isRegisterField(driver, field);
    answers.set(field, answer);
    return answer;
  };
});

function isRegisters(driver: Driver, { name, origin, control, role }: SymbolInfo): boolean {
  if (control === 'user' || role === 'length' || role === 'count') return false;
  if (/\bresource\[[^\]]*\]\.start$/.test(name)) return true;
  if (!/(?:->|\.)\w+(?:\[[^\]]*\])*$/.test(name)) return origin !== undefined && resourceCalls.has(origin);
  return registerFields(driver)(lastName(name));
}

/**
 * A field that is filled from resources alone, or is handed to ioremap() and filled with nothing that a function of the driver
 * computes; and never with memory, nor mapped as such.
 */
function isRegisterField(driver: Driver, field: string, depth = 0): boolean {
  const sources = driver.sourcesOf(undefined, field);
  if (sources.some(({ value }) => namesMemory(value)) || isHandedTo(driver, field, memoryMaps)) return false;
  const filled = sources.filter(({ value }) => value.kind !== 'number');
  const isResource = (value: Expression): boolean =>
    namesResource(value) ||
    (depth < 2 && value.kind === 'member' && value.field !== field && isRegisterField(driver, value.field, depth + 1));
  if (filled.length > 0 && filled.every(({ value }) => isResource(value))) return true;
  const isPlain = filled.every(
    ({ value, function: name }) => namesResource(value) || (value.kind === 'name' && valuesOfLocal(driver, name, value.name).length === 0),
  );
  return isPlain && isHandedTo(driver, field, registerMaps);
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

/** Whether the driver maps what the field holds the address of with a call of such a name. */
function isHandedTo(driver: Driver, field: string, calls: RegExp): boolean {
  return usesIn(driver, /\bioremap|\brequest_mem_region|memremap/).some((uses) =>
    uses.expressions.some(
      (each) =>
        each.kind === 'call' &&
        each.callee.kind === 'name' &&
        calls.test(each.callee.name) &&
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

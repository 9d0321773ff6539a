/**
 * The bus address that a driver keeps beside the kernel address of the same memory: `buf->dma_addr` beside `buf->cpu`,
 * told by a call that gets both. Reads the driver model; chooses no values.
 */
import type { Driver } from '../../driver/model.ts';
import type { Expression } from '../../syntax/ast.ts';
import type { Subject } from './subject.ts';
import { usesOf } from './uses.ts';

/** Where such calls have the kernel address and the bus address. */
const pair = /^(dma_(mmap|free)_(coherent|attrs|wc|writecombine|noncoherent)|pci_free_consistent)$/;
const cpuArgument = 2;
const busArgument = 3;

/** The field of the same struct that points to the memory whose bus address the field `subject` is. */
export function fieldOfMemory(driver: Driver, subject: Subject): string | undefined {
  if (subject.kind !== 'field') return undefined;
  for (const {
    expression,
    around: [outer],
    function: inside,
  } of usesOf(driver, subject)) {
    if (outer?.kind !== 'call' || outer.callee.kind !== 'name' || !pair.test(outer.callee.name)) continue;
    const cpu = outer.arguments[cpuArgument];
    if (outer.arguments[busArgument] !== expression || cpu?.kind !== 'member' || expression.kind !== 'member') continue;
    const text = (each: Expression) => textWithin(driver, inside, each);
    if (text(cpu.object) === text(expression.object)) return cpu.field;
  }
  return undefined;
}

function textWithin(driver: Driver, name: string, { span }: Expression): string | undefined {
  const header = driver.functions.get(name);
  return header && driver.files.get(header.file)?.slice(span.start, span.end);
}

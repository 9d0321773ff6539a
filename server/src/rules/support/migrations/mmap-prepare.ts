/**
 * An mmap handler turned into an mmap_prepare handler: fields of the vma become those of the description, the call that maps becomes the
 * action that says what to map. Only where every use of the vma and of the file has such a counterpart on the target.
 */
import type { Driver } from '../../../driver/model.ts';
import { atLeast } from '../../../kernel/version.ts';
import type { Expression } from '../../../syntax/ast.ts';
import type { Edit, ReportFix } from '../../rule.ts';
import { fixOf, holds, indentAt, noFix } from '../fixes/fixes.ts';
import type { FunctionUses } from '../text/uses.ts';
import { intoSlot, placedStatements, registered, usesOfName, withHeader } from './definition.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Fields of the vma, and those of struct vm_area_desc. */
const fields: Readonly<Record<string, string>> = {
  vm_start: 'start',
  vm_end: 'end',
  vm_pgoff: 'pgoff',
  vm_mm: 'mm',
  vm_file: 'file',
  vm_flags: 'vm_flags',
  vm_page_prot: 'page_prot',
  vm_ops: 'vm_ops',
  vm_private_data: 'private_data',
};

const actions: Readonly<Record<string, string>> = {
  remap_pfn_range: 'mmap_action_remap',
  io_remap_pfn_range: 'mmap_action_ioremap',
};

/** Makes an mmap handler an mmap_prepare handler, in all tables of the file. */
export function mmapToPrepare(driver: Driver, name: string): readonly ReportFix[] {
  const handler = registered(driver, name);
  const uses = handler?.uses;
  const [file, vma] = uses?.function.parameters ?? [];
  if (!handler || !uses || !file || vma?.name === undefined || usesOfName(uses, 'desc').length > 0) return noFix;
  const header = withHeader(driver, uses, { result: 'int', parameters: 'struct vm_area_desc *desc' });
  const body = [ofVma(driver, uses, vma.name), ofFile(uses, file.name)];
  const slots = intoSlot(driver, handler, 'mmap', 'mmap_prepare');
  const edits = [header, ...body, slots];
  if (edits.includes(undefined)) return noFix;
  const title = 'Make it an mmap_prepare handler (check that nobody calls it with a vma)';
  return fixOf(
    { title, safe: false },
    edits.flatMap((each) => each ?? []),
  );
}

/** The file is a field of the description; handing it on needs a look. */
function ofFile(uses: FunctionUses, name: string | undefined): readonly Edit[] | undefined {
  const all = usesOfName(uses, name);
  const read = uses.expressions.flatMap((each) => (each.kind === 'member' && all.includes(each.object) ? [each.object] : []));
  return read.length === all.length ? read.map(({ span }) => ({ file: uses.file, span, newText: 'desc->file' })) : undefined;
}

function ofVma(driver: Driver, uses: FunctionUses, vma: string): readonly Edit[] | undefined {
  const { file } = uses;
  const all = usesOfName(uses, vma);
  const edits: Edit[] = [];
  const known = new Set<Expression>();
  const rewrite = (object: Expression, ...made: readonly Edit[]): void => {
    known.add(object);
    edits.push(...made);
  };
  // 7.0 has no more VM_ words in the description.
  const hasWords = !atLeast(driver.target.version, 7, 0);
  for (const each of uses.expressions) {
    if (each.kind === 'member' && all.includes(each.object) && !known.has(each.object)) {
      const field = fields[each.field];
      if (field === undefined || (field === 'vm_flags' && !hasWords)) return undefined;
      rewrite(each.object, { file, span: each.span, newText: `desc->${field}` });
    }
    const [first] = each.kind === 'call' ? each.arguments : [];
    if (each.kind !== 'call' || each.callee.kind !== 'name' || !first || !all.includes(first)) continue;
    const made = ofCall(driver, uses, each, each.callee.name, vma);
    if (!made) return undefined;
    rewrite(first, ...made.edits);
    // The protection is written by what stands before the action.
    for (const other of made.covered) known.add(other);
  }
  return all.every((each) => known.has(each)) ? edits : undefined;
}

interface Rewritten {
  readonly edits: readonly Edit[];
  /** Uses of the vma that the edits replace with everything around them. */
  readonly covered: readonly Expression[];
}

function ofCall(driver: Driver, uses: FunctionUses, call: Call, name: string, vma: string): Rewritten | undefined {
  const { file } = uses;
  const [first, flags] = call.arguments;
  if (name === 'vma_pages') return { edits: [{ file, span: call.span, newText: 'vma_desc_pages(desc)' }], covered: [] };
  if ((name === 'vm_flags_set' || name === 'vm_flags_clear') && first && flags) return ofFlags(driver, file, call, name, flags);
  return actions[name] === undefined ? undefined : ofMapping(driver, uses, call, actions[name], vma);
}

function ofFlags(driver: Driver, file: string, call: Call, name: string, flags: Expression): Rewritten | undefined {
  const text = driver.text.slice({ file, span: flags.span });
  const isSet = name === 'vm_flags_set';
  if (!atLeast(driver.target.version, 7, 0)) {
    const word = flags.kind === 'name' || isSet ? text : `(${text})`;
    return { edits: [{ file, span: call.span, newText: `desc->vm_flags ${isSet ? '|=' : '&='} ${isSet ? '' : '~'}${word}` }], covered: [] };
  }
  const names = text.split('|').map((each) => each.trim());
  if (!names.every((each) => /^VM_[A-Z]+$/.test(each))) return undefined;
  const bits = names.map((each) => each.replace(/^VM_(.*)$/, 'VMA_$1_BIT')).join(', ');
  return { edits: [{ file, span: call.span, newText: `vma_desc_${isSet ? 'set' : 'clear'}_flags(desc, ${bits})` }], covered: [] };
}

/** A remap whose result is returned, or whose failure is: neither has to be, for the core maps later. */
function ofMapping(driver: Driver, uses: FunctionUses, call: Call, action: string, vma: string): Rewritten | undefined {
  const { file } = uses;
  const [first, , , size, prot] = call.arguments;
  const placed = placedStatements(uses).find(
    ({ statement: each, isBranch }) =>
      !isBranch && ((each.kind === 'return' && each.value === call) || (each.kind === 'if' && each.test === call && !each.otherwise)),
  );
  if (!first || !size || !prot || call.arguments.length !== 5 || !placed) return undefined;
  const { statement } = placed;
  const indent = indentAt(driver, file, statement.span.start);
  const written = driver.text.slice({ file, span: prot.span });
  const own = `${vma}->vm_page_prot`;
  const prots = usesOfName(uses, vma).filter(({ span }) => holds(prot.span, span));
  const isPlain = [...written.matchAll(new RegExp(`\\b${vma}\\b`, 'g'))].length === written.split(own).length - 1;
  if (indent === undefined || !isPlain) return undefined;
  const before = written === own ? '' : `desc->page_prot = ${written.replaceAll(own, 'desc->page_prot')};\n${indent}`;
  const after = statement.kind === 'return' ? `;\n${indent}return 0;` : ';';
  return {
    edits: [
      { file, span: { start: statement.span.start, end: first.span.end }, newText: `${before}${action}(desc` },
      { file, span: { start: size.span.end, end: statement.span.end }, newText: `)${after}` },
    ],
    covered: prots,
  };
}

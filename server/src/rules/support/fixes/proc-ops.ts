/**
 * The quick fix that makes a `struct proc_ops` of file operations that serve proc entries alone (linux/proc_fs.h since 5.6). Knows C as
 * it is written, and no rule.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression, InitializerEntry } from '../../../syntax/ast.ts';
import { walkInitializer } from '../../../syntax/walk.ts';
import type { Edit, ReportFix } from '../../rule.ts';
import { anyWord, usesIn } from '../text/uses.ts';
import { fixOf, noFix, textAt, wholeLines } from './fixes.ts';

/** What a slot of file operations is called in proc_ops. */
const slots: ReadonlyMap<string, string> = new Map([
  ['open', 'proc_open'], ['read', 'proc_read'], ['read_iter', 'proc_read_iter'], ['write', 'proc_write'], ['llseek', 'proc_lseek'],
  ['release', 'proc_release'], ['poll', 'proc_poll'], ['unlocked_ioctl', 'proc_ioctl'], ['compat_ioctl', 'proc_compat_ioctl'],
  ['mmap', 'proc_mmap'], ['get_unmapped_area', 'proc_get_unmapped_area'],
]); // biome-ignore format: a table

/** Each slot gets its other name and the owner goes, where nothing but proc entries is made with the table. */
export function asProcOps(driver: Driver, table: string): readonly ReportFix[] {
  const variable = driver.variables.get(table);
  const { initializer } = variable ?? {};
  if (!variable || variable.file !== driver.file || initializer?.kind !== 'list' || !isForProcAlone(driver, table)) return noFix;
  const { file } = driver;
  const declared = textAt(driver, { file, span: { start: variable.span.start, end: variable.nameSpan.start } });
  const type = declared.indexOf('file_operations');
  const slotEdits = initializer.entries.map((entry) => ofSlot(driver, entry));
  if (type < 0 || slotEdits.includes(undefined)) return noFix;
  const start = variable.span.start + type;
  const edits: Edit[] = [{ file, span: { start, end: start + 'file_operations'.length }, newText: 'proc_ops' }];
  return fixOf({ title: `Make ${table} a struct proc_ops` }, [...edits, ...slotEdits.flatMap((edit) => edit ?? [])]);
}

/** What becomes of one entry; `undefined` for a slot that proc_ops has not. */
function ofSlot(driver: Driver, { designators: [designator, ...more], span }: InitializerEntry): Edit | undefined {
  const { file } = driver;
  if (designator?.kind !== 'field' || more.length > 0) return undefined;
  if (designator.name === 'owner') {
    const behind = driver.text.lines({ file, span });
    const comma =
      behind.text
        .slice(span.end - behind.start)
        .match(/^\s*,\s?/)?.[0]
        .trimEnd() ?? '';
    const entry = { start: span.start, end: span.end + comma.length };
    const lines = wholeLines(driver, { file, span: entry });
    const blank = lines === entry && /^ /.test(behind.text.slice(entry.end - behind.start)) ? 1 : 0;
    return { file, span: { start: lines.start, end: lines.end + blank }, newText: '' };
  }
  const name = slots.get(designator.name);
  const at = textAt(driver, { file, span }).search(new RegExp(`\\b${designator.name}\\b`));
  const start = span.start + at;
  return name === undefined || at < 0 ? undefined : { file, span: { start, end: start + designator.name.length }, newText: name };
}

/** Whether no other file can name the table, and this one does where proc entries are made alone. */
function isForProcAlone(driver: Driver, table: string): boolean {
  if (!driver.variables.get(table)?.isStatic) return false;
  let others = 0;
  const look = (each: Expression): void => {
    if (each.kind === 'name' && each.name === table) others++;
    if (each.kind !== 'call' || each.callee.kind !== 'name' || !/^proc_create(?:_data)?$/.test(each.callee.name)) return;
    others -= each.arguments.filter((argument) => argument.kind === 'addressOf' && isTable(argument.operand, table)).length;
  };
  for (const { expressions } of usesIn(driver, anyWord([table]))) expressions.forEach(look);
  for (const { initializer } of driver.variables.values()) if (initializer) walkInitializer(initializer, { expression: look });
  return others === 0;
}

const isTable = (each: Expression, table: string): boolean => each.kind === 'name' && each.name === table;

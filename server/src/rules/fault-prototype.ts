/** `fault-prototype`: a handler of a vma has the parameters of another kernel. */
import type { DriverFunction } from '../driver/model.ts';
import type { SlotFact } from '../kernel/fact.ts';
import { prototypeAt, slotFact } from '../kernel/lookup.ts';
import { formatVersion } from '../kernel/version.ts';
import type { TypeName } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { takingVmf } from './support/migrations/fault-header.ts';

export const faultPrototype: Rule = {
  name: 'fault-prototype',
  severity: 'error',
  summary: 'A handler in a table of vma operations has other parameters than this kernel passes.',
  tellsCompiling: true,
  check({ driver }) {
    const reports = new Map<string, Report>();
    const { version } = driver.target;
    for (const handler of driver.handlers) {
      const [container, slot] = handler.slot.split('.');
      const header = driver.functions.get(handler.function);
      const fact = container === 'vm_operations_struct' && slot !== undefined ? slotFact(container, slot) : undefined;
      const prototype = fact && prototypeAt(fact, version);
      if (
        !fact ||
        !prototype ||
        !header ||
        header.file !== driver.file ||
        fits(
          prototype.parameters.map(({ type }) => type),
          header,
        )
      )
        continue;
      reports.set(handler.function, {
        file: header.file,
        span: header.nameSpan,
        function: handler.function,
        handler,
        message: `Linux ${formatVersion(version)} calls .${slot} as \`${prototype.text}\`${whose(fact, header)}. Write it so; drivers for several kernels need a version test around the definition.`,
        related: [],
        fixes: takingVmf(driver, header, prototype),
      });
    }
    return [...reports.values()];
  },
};

function fits(types: readonly string[], { parameters }: DriverFunction): boolean {
  if (types.length === 0) return true;
  if (types.length !== parameters.length) return false;
  return types.every((type, index) => {
    const wanted = /\bstruct\s+(\w+)\s*\*/.exec(type)?.[1];
    const written = structTag(parameters[index]?.type);
    return wanted === undefined || written === undefined || wanted === written;
  });
}

function structTag(type: TypeName | undefined): string | undefined {
  return type?.kind === 'pointer' && type.to.kind === 'tagged' ? type.to.name : undefined;
}

/** The kernels whose parameters were written instead. */
function whose(fact: SlotFact, header: DriverFunction): string {
  const other = fact.prototypes.find(
    ({ parameters }) =>
      parameters.length > 0 &&
      fits(
        parameters.map(({ type }) => type),
        header,
      ),
  );
  const since = other?.range.since;
  const until = other?.range.until;
  if (!other) return '';
  if (until) return `; these are the parameters up to ${formatVersion(until)}`;
  return since ? `; these are the parameters from ${formatVersion(since)} on` : '';
}

/** `pgprot-result-unused`: a protection is computed and thrown away. */
import { walkBlock } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { isOwnName, usesIn } from './support/text/uses.ts';

const making: ReadonlySet<string> = new Set([
  'pgprot_noncached', 'pgprot_writecombine', 'pgprot_device', 'pgprot_writethrough', 'pgprot_dmacoherent', 'pgprot_encrypted',
  'pgprot_decrypted', 'pgprot_cached', 'pgprot_noncached_wc', 'pgprot_nx', 'phys_mem_access_prot', 'pgprot_modify',
]); // biome-ignore format: a table

export const pgprotResultUnused: Rule = {
  name: 'pgprot-result-unused',
  severity: 'error',
  summary: 'The protection that a pgprot function returns is thrown away.',
  check({ driver }) {
    return usesIn(driver, /\bpgprot_|\bphys_mem_access_prot\b/).flatMap((uses) => {
      const reports: Report[] = [];
      walkBlock(uses.function.body, {
        statement: (statement) => {
          const call = statement.kind === 'expression' ? statement.expression : undefined;
          if (call?.kind !== 'call' || call.callee.kind !== 'name' || !making.has(call.callee.name)) return;
          const { name, span } = call.callee;
          if (isOwnName(driver, name)) return;
          const [prot] = call.arguments;
          const place = prot?.kind === 'member' ? driver.text.slice({ file: uses.file, span: prot.span }) : undefined;
          const fixes =
            place === undefined
              ? []
              : [
                  {
                    title: `Assign to ${place}`,
                    safe: true,
                    edits: [{ file: uses.file, span: { start: call.span.start, end: call.span.start }, newText: `${place} = ` }],
                  },
                ];
          reports.push(
            reportIn(
              uses,
              span,
              `\`${name}()\` returns the new protection and changes nothing itself, so the mapping keeps the cached one. Assign it to vma->vm_page_prot.`,
              { fixes },
            ),
          );
        },
      });
      return reports;
    });
  },
};

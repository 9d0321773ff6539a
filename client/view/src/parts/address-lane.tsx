/** The address space of each process: its vmas by address, with flags, offset and operations. */
import type { MemoryState, ProcessState, VmaState } from '../../../../server/src/protocol/trace.ts';
import { pagesOf, sizeText, vmaChange } from '../model.ts';

interface Properties {
  readonly state: MemoryState;
  readonly before: MemoryState | undefined;
}

export function AddressLane({ state, before }: Properties) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls in a narrow column must be reached by keyboard.
    <section aria-label="Address space" tabIndex={0}>
      <h2>Address space</h2>
      {state.processes.length === 0 && <p class="dim">No process has a mapping yet.</p>}
      {state.processes.map((process) => (
        <ProcessTable key={process.name} process={process} before={before} />
      ))}
    </section>
  );
}

function ProcessTable({ process, before }: { readonly process: ProcessState; readonly before: MemoryState | undefined }) {
  return (
    <table>
      <caption>{process.name}</caption>
      <thead>
        <tr>
          <th scope="col">vma</th>
          <th scope="col">Address and size</th>
          <th scope="col">vm_flags</th>
        </tr>
      </thead>
      <tbody>
        {process.vmas.length === 0 && (
          <tr>
            <td colSpan={3} class="dim">
              No mapping.
            </td>
          </tr>
        )}
        {process.vmas.map((vma) => (
          <VmaRow key={`${vma.name} ${vma.start}`} vma={vma} process={process} before={before} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProperties {
  readonly vma: VmaState;
  readonly process: ProcessState;
  readonly before: MemoryState | undefined;
}

function VmaRow({ vma, process, before }: RowProperties) {
  const change = vmaChange(vma, process.name, before);
  return (
    <tr class={change}>
      <th scope="row">
        {vma.name} {change !== 'same' && <span class="tag">{change}</span>}
      </th>
      <td>
        <code>{`${vma.start}-${vma.end.replace(/^0x/, '')}`}</code>
        <br />
        {sizeText(pagesOf(vma))}
        <br />
        <span class="dim">{`vm_pgoff ${vma.pgoff}${vma.ops ? `, vm_ops ${vma.ops}` : ''}`}</span>
      </td>
      <td>
        <code class="flags">{vma.flags.join(' ')}</code>
        <br />
        <span class="dim">{`smaps: ${vma.smapsFlags} · vm_page_prot: ${vma.pageProtection}`}</span>
      </td>
    </tr>
  );
}

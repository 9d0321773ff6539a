/** The mappings of each process by address, and the pages behind them in one strip each. */
import type { MemoryState, ProcessState, VmaState } from '../../../../server/src/protocol/trace.ts';
import { pagesOf, type Segment, segmentsOf, sizeText, vmaChange } from '../model.ts';

/** Cells that a run of equal pages gets in its strip at most; the count stands behind them. */
const cellsPerRun = 8;

interface Properties {
  readonly state: MemoryState;
  readonly before: MemoryState | undefined;
}

export function MappingLane({ state, before }: Properties) {
  return (
    <section aria-label="Mappings">
      <h2>Mappings</h2>
      <p class="dim">Pages: R ordinary, A anonymous, P special pte (the kernel uses no struct page), ! freed, - not mapped yet.</p>
      {state.processes.length === 0 && <p class="dim">No process has a mapping yet.</p>}
      {state.processes.map((process) => (
        <ProcessTable key={process.name} process={process} state={state} before={before} />
      ))}
    </section>
  );
}

function ProcessTable({ process, state, before }: Properties & { readonly process: ProcessState }) {
  return (
    <table>
      <caption>{`${process.name}: rss ${process.rss.file} file, ${process.rss.anonymous} anonymous pages`}</caption>
      <thead>
        <tr>
          <th scope="col">vma</th>
          <th scope="col">Address and size</th>
          <th scope="col">vm_flags</th>
          <th scope="col">Pages</th>
        </tr>
      </thead>
      <tbody>
        {process.vmas.length === 0 && (
          <tr>
            <td colSpan={4} class="dim">
              No mapping.
            </td>
          </tr>
        )}
        {process.vmas.map((vma) => (
          <VmaRow key={`${vma.name} ${vma.start}`} vma={vma} process={process} state={state} before={before} />
        ))}
      </tbody>
    </table>
  );
}

function VmaRow({ vma, process, state, before }: Properties & { readonly process: ProcessState; readonly vma: VmaState }) {
  const change = vmaChange(vma, process.name, before);
  return (
    <tr class={change}>
      <th scope="row">
        {vma.name} {change !== 'same' && <span class="tag">{change}</span>}
      </th>
      <td>
        <code>{vma.start}</code>
        <br />
        <code>{vma.end}</code>
        <br />
        {sizeText(pagesOf(vma))}
        <br />
        {`vm_pgoff ${vma.pgoff}`}
        {vma.ops && (
          <>
            <br />
            {`vm_ops ${vma.ops}`}
          </>
        )}
      </td>
      <td>
        <code class="flags">{vma.flags.join(' ')}</code>
        <br />
        <span class="dim">{`smaps: ${vma.smapsFlags}`}</span>
        <br />
        <span class="dim">{`vm_page_prot: ${vma.pageProtection}`}</span>
      </td>
      <td>
        <ol class="strip">
          {segmentsOf(vma, process, state.pages).map((segment) => (
            <PageRunCells key={segment.start} segment={segment} />
          ))}
        </ol>
      </td>
    </tr>
  );
}

function PageRunCells({ segment }: { readonly segment: Segment }) {
  const cells = Math.min(segment.length, cellsPerRun);
  return (
    <li>
      <span class="cells" aria-hidden="true">
        <span class={`cell kind-${kindClass(segment.letter)}`}>{segment.letter.repeat(cells)}</span>
        {segment.length > cells && ` × ${segment.length}`}
      </span>{' '}
      <span>{`${segment.start}, ${sizeText(segment.length)}: ${segment.label}`}</span>
    </li>
  );
}

function kindClass(letter: string): string {
  switch (letter) {
    case 'P':
      return 'special';
    case 'A':
      return 'anonymous';
    case 'R':
      return 'ordinary';
    case '!':
      return 'freed';
    default:
      return 'hole';
  }
}

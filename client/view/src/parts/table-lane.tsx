/** Page tables: what each mapping's addresses lead to, as runs of equal pages; long lists are cut with a way to the rest. */
import { useState } from 'preact/hooks';
import type { MemoryState, ProcessState, VmaState } from '../../../../server/src/protocol/trace.ts';
import { pagesOf, type Segment, segmentsOf, sizeText } from '../model.ts';

/** Cells that a run of equal pages gets in its strip at most; the count stands behind them. */
const cellsPerRun = 8;
/** Runs of one mapping that are drawn before the rest is asked for. */
const runsShown = 24;

export function TableLane({ state }: { readonly state: MemoryState }) {
  const mapped = state.processes.filter(({ vmas, ptes }) => vmas.length > 0 || ptes.length > 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls in a narrow column must be reached by keyboard.
    <section aria-label="Page tables" tabIndex={0}>
      <h2>Page tables</h2>
      <p class="dim">R ordinary page, A anonymous, P special pte (the kernel uses no struct page), ! freed, - not mapped yet.</p>
      {mapped.length === 0 && <p class="dim">No page is mapped.</p>}
      {mapped.map((process) => (
        <table key={process.name}>
          <caption>{`${process.name}: rss ${process.rss.file} file, ${process.rss.anonymous} anonymous pages`}</caption>
          <thead>
            <tr>
              <th scope="col">vma</th>
              <th scope="col">Pages</th>
              <th scope="col">Address and size</th>
              <th scope="col">What is there</th>
            </tr>
          </thead>
          <tbody>
            {vmasOf(process).map((vma) => (
              <VmaRuns key={`${vma.name} ${vma.start}`} vma={vma} process={process} state={state} />
            ))}
          </tbody>
        </table>
      ))}
    </section>
  );
}

/** The mappings, and what is mapped while the mapping is not there yet: a vma is linked when its handler has returned. */
function vmasOf(process: ProcessState): readonly VmaState[] {
  const inside = (start: string): boolean =>
    process.vmas.some((vma) => BigInt(vma.start) <= BigInt(start) && BigInt(start) < BigInt(vma.end));
  const loose = process.ptes.filter(({ start }) => !inside(start));
  const bare = { name: 'no vma yet', pgoff: '0x0', flags: [], smapsFlags: '', pageProtection: '' };
  return [
    ...process.vmas,
    ...loose.map(({ start, length }) => ({ ...bare, start, end: `0x${(BigInt(start) + (BigInt(length) << 12n)).toString(16)}` })),
  ];
}

function VmaRuns({ vma, process, state }: { readonly vma: VmaState; readonly process: ProcessState; readonly state: MemoryState }) {
  const [all, showAll] = useState(false);
  const segments = segmentsOf(vma, process, state.pages);
  const shown = all ? segments : segments.slice(0, runsShown);
  const rest = segments.length - shown.length;
  return (
    <>
      {shown.map((segment, index) => (
        <tr key={segment.start}>
          {index === 0 && (
            <th scope="rowgroup" rowSpan={shown.length + (rest > 0 ? 1 : 0)}>
              {vma.name}
              <br />
              <span class="dim">{sizeText(pagesOf(vma))}</span>
            </th>
          )}
          <td>
            <Cells segment={segment} />
          </td>
          <td>
            <code>{segment.start}</code>
            <br />
            {sizeText(segment.length)}
          </td>
          <td>{segment.label}</td>
        </tr>
      ))}
      {rest > 0 && (
        <tr>
          <td colSpan={3}>
            <button type="button" class="link" onClick={() => showAll(true)}>
              {`Show ${rest} more runs of pages`}
            </button>
          </td>
        </tr>
      )}
    </>
  );
}

function Cells({ segment }: { readonly segment: Segment }) {
  const cells = Math.min(segment.length, cellsPerRun);
  return (
    <span class="cells">
      <span class={`cell kind-${kindClass(segment.letter)}`}>{segment.letter.repeat(cells)}</span>
      {segment.length > cells && ` × ${segment.length}`}
    </span>
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

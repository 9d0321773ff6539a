/** Physical memory: each run of pages that the driver or a mapping knows of, with its counts. */
import type { MemoryState } from '../../../../server/src/protocol/trace.ts';
import { pageChange, sizeText } from '../model.ts';

interface Properties {
  readonly state: MemoryState;
  readonly before: MemoryState | undefined;
}

export function PageLane({ state, before }: Properties) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls in a narrow column must be reached by keyboard.
    <section aria-label="Pages" tabIndex={0}>
      <h2>Physical pages</h2>
      {state.pages.length === 0 ? (
        <p class="dim">No page is known yet.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">pfn</th>
              <th scope="col">Length</th>
              <th scope="col">Kind</th>
              <th scope="col">Belongs to</th>
              <th scope="col">refcount</th>
              <th scope="col">mapcount</th>
            </tr>
          </thead>
          <tbody>
            {state.pages.map((page) => {
              const change = pageChange(page, before);
              return (
                <tr key={page.pfn} class={`${change} ${page.freed ? 'freed' : ''}`}>
                  <th scope="row">
                    {page.pfn} {change !== 'same' && <span class="tag">{change}</span>}
                  </th>
                  <td>{sizeText(page.length)}</td>
                  <td>{page.freed ? `${page.kind}, freed` : page.kind}</td>
                  <td>{page.owner ?? ''}</td>
                  <td>{page.refcount ?? 'no struct page'}</td>
                  <td>{page.mapcount ?? ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
